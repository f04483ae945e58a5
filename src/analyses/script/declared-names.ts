const TOKEN =
  /\/\/[^\n]*|\/\*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|#[ \t]*include[^\n]*|[A-Za-z_$][\w$]*/g;

/**
 * Every identifier of a C or C++ header outside comments, strings and `#include`. Which of them a compiler
 * would call a declaration depends on macros and their arguments (`API(int) foo(void);`), so none is left
 * out: a symbol is public if a header spells its name.
 */
export function declaredNames(text: string): Set<string> {
  const names = new Set<string>();
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    const [token] = match;
    if (token === '/*') {
      const end = text.indexOf('*/', TOKEN.lastIndex);
      if (end === -1) break;
      TOKEN.lastIndex = end + 2;
    } else if (/^[A-Za-z_$]/.test(token)) names.add(token);
  }
  return names;
}
