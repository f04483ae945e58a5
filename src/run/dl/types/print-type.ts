import type { CType, Parameter } from './c-type.ts';

/** A type as C writes it, around a name if there is one; `parseDeclaration` reads it back. */
export function printType(type: CType, name = ''): string {
  switch (type.kind) {
    case 'void':
    case 'bool':
      return behind(type.kind, name);
    case 'struct':
    case 'union':
      return behind(`${type.kind} { ${type.fields.map(printField).join(' ')} }`, name);
    case 'integer':
    case 'floating':
    case 'opaque':
      return behind(type.name, name);
    case 'pointer': {
      // `*` binds less tightly than `[]` and `()`.
      const needsParentheses = type.to.kind === 'array' || type.to.kind === 'function';
      return printType(type.to, needsParentheses ? `(*${name})` : `*${name}`);
    }
    case 'array':
      return printType(type.of, `${name}[${type.length ?? ''}]`);
    case 'function':
      return printType(type.result, `${name}(${printParameters(type.parameters)})`);
  }
}

const behind = (type: string, name: string) => {
  if (name === '') return type;
  return /^(\[|\((?!\*))/.test(name) ? type + name : `${type} ${name}`;
};

const printField = ({ type, name }: { readonly type: CType; readonly name: string }) =>
  `${printType(type, name)};`;

const printParameters = (parameters: readonly Parameter[]) =>
  parameters.length === 0 ? 'void' : parameters.map(({ type, name }) => printType(type, name)).join(', ');
