import { baseName, type LoadStep, type LookupIn, type OpenMode } from '../model/index.ts';
import { DeclarationError, parseDeclaration } from '../run/dl/index.ts';
import { UsageError } from './errors.ts';
import { quoted, splitPrototype, splitWords, takePlace, type Word } from './step-words.ts';
import { didYouMean } from './suggest.ts';

type OpenCall = Extract<LoadStep, { step: 'open' }>['call'];
type SymbolStep = Extract<LoadStep, { step: 'symbol' }>;
type SymbolCall = SymbolStep['call'];

/** What the handle of a file without a name is called. */
const EMPTY = 'empty';

/** The file that stands for the program itself, as for dlopen(3). */
const PROGRAM = 'NULL';

const VERBS = ['open', 'symbol', 'info', 'close'] as const;
/** Words after `open FILE`; `lazy` and `local` are what counts anyway. */
const MODES: Readonly<Record<string, OpenMode>> = {
  lazy: {},
  now: { now: true },
  local: {},
  global: { global: true },
  nodelete: { noDelete: true },
  noload: { noLoad: true },
  deepbind: { deepBind: true },
};
const OPTIONS = ['namespace', 'as'];
const PSEUDO: Readonly<Record<string, LookupIn>> = {
  default: { pseudo: 'default' },
  next: { pseudo: 'next' },
};

/** The handles of a command line, by their names, while its steps are read. */
export class StepReader {
  readonly steps: LoadStep[] = [];
  /** The open handles, the latest last. */
  private readonly open: { name: string; file: string }[] = [];
  private readonly names = new Set<string>();

  /** `open FILE` with its flags; `as` names the handle, otherwise the file's last part does. */
  addOpen(file: string, mode: OpenMode, namespace?: OpenCall['namespace'], as?: string): void {
    const handle = this.newName(as ?? (baseName(file) || EMPTY), as !== undefined);
    this.open.push({ name: handle, file });
    const words = [
      ...Object.entries(MODES)
        .filter(([, flags]) => Object.keys(flags).some((flag) => mode[flag as keyof OpenMode]))
        .map(([word]) => word),
      ...(namespace === undefined ? [] : [`namespace ${namespace === 'new' ? 'new' : namespace.of}`]),
      ...(as === undefined ? [] : [`as ${quoted(as)}`]),
    ];
    const call: OpenCall = {
      call: 'dlopen',
      file: file === PROGRAM ? null : file,
      mode,
      handle,
      ...(namespace === undefined ? {} : { namespace }),
    };
    this.steps.push({ step: 'open', text: ['open', quoted(file), ...words].join(' '), call });
  }

  /** `symbol NAME[@VERSION][:PROTOTYPE] [ARG…]`, looked up in the latest handle unless `place` is given. */
  addSymbol(symbol: string, args: readonly string[], place?: string): void {
    const { name, prototype } = splitPrototype(symbol);
    const call = this.lookup(name, place);
    const shown = place === undefined ? [] : ['in', quoted(place)];
    this.steps.push({
      step: 'symbol',
      text: ['symbol', ...[symbol, ...args].map(quoted), ...shown].join(' '),
      call,
      use: useOf(name, prototype, args),
      ...(prototype === undefined ? {} : { prototype }),
      args,
    });
  }

  /** `info NAME[+OFFSET]` or `info ADDRESS`. */
  addInfo(what: string, place?: string): void {
    const text = ['info', quoted(what), ...(place === undefined ? [] : ['in', quoted(place)])].join(' ');
    if (/^(0x[0-9a-f]+|\d+)$/i.test(what)) {
      this.steps.push({ step: 'info', text, address: BigInt(what), offset: 0n });
      return;
    }
    const [, name = what, offset = '0'] = /^(.+)\+(0x[0-9a-f]+|\d+)$/i.exec(what) ?? [];
    this.steps.push({ step: 'info', text, address: this.lookup(name, place), offset: BigInt(offset) });
  }

  addClose(name?: string): void {
    const handle = this.handle(name);
    this.open.splice(
      this.open.findIndex((entry) => entry.name === handle),
      1,
    );
    this.steps.push({ step: 'close', text: `close ${quoted(handle)}`, call: { call: 'dlclose', handle } });
  }

  /** Closes what is still open, the latest first. */
  closeAll(): void {
    while (this.open.length > 0) this.addClose();
  }

  /** One `--then`. */
  addText(text: string): void {
    try {
      this.addWords(splitWords(text));
    } catch (error) {
      if (error instanceof UsageError) throw new UsageError(`--then '${text}': ${error.message}`);
      throw error;
    }
  }

  private addWords([verb, ...words]: readonly Word[]): void {
    switch (verb?.text) {
      case 'open':
        this.addOpenWords(words);
        break;
      case 'symbol': {
        const { place, rest } = takePlace(words);
        const [name, ...args] = rest.map((word) => word.text);
        if (name === undefined) throw new UsageError('which symbol?');
        this.addSymbol(name, args, place);
        break;
      }
      case 'info': {
        const { place, rest } = takePlace(words);
        this.addInfo(onlyWord(rest) ?? refuse('which symbol or address?'), place);
        break;
      }
      case 'close':
        this.addClose(onlyWord(words));
        break;
      default: {
        const word = verb?.text ?? '';
        const hint = didYouMean(word, VERBS) || `, expected ${VERBS.join(', ')}`;
        throw new UsageError(`'${word}' is no step${hint}`);
      }
    }
  }

  private addOpenWords([file, ...words]: readonly Word[]): void {
    if (file === undefined) throw new UsageError('which file?');
    let mode: OpenMode = {};
    let namespace: OpenCall['namespace'];
    let as: string | undefined;
    for (let at = 0; at < words.length; at++) {
      const { text } = words[at]!;
      const flags = MODES[text];
      if (flags !== undefined) {
        mode = { ...mode, ...flags };
        continue;
      }
      if (!OPTIONS.includes(text)) {
        const all = [...Object.keys(MODES), ...OPTIONS];
        const hint = didYouMean(text, all) || `, expected ${all.join(', ')}`;
        throw new UsageError(`'${text}' is no way to open${hint}`);
      }
      const value = words[++at]?.text;
      if (value === undefined) throw new UsageError(`${text} needs a word behind it`);
      if (text === 'as') as = value;
      else namespace = value === 'new' ? 'new' : { of: this.handle(value) };
    }
    this.addOpen(file.text, mode, namespace, as);
  }

  private lookup(symbol: string, place: string | undefined): SymbolCall {
    const at = symbol.indexOf('@');
    const name = at < 0 ? symbol : symbol.slice(0, at);
    const version = at < 0 ? undefined : symbol.slice(at).replace(/^@+/, '');
    if (name === '') throw new UsageError(`'${symbol}' has no name`);
    return {
      call: 'dlsym',
      handle: (place === undefined ? undefined : PSEUDO[place]) ?? this.handle(place),
      symbol: name,
      ...(version === undefined ? {} : { version }),
    };
  }

  /** The latest open handle, the one of that name, or the latest of that file. */
  private handle(name?: string): string {
    const latest =
      this.open.find((entry) => entry.name === name) ??
      this.open.findLast((entry) => name === undefined || isCalled(entry, name));
    if (latest !== undefined) return latest.name;
    if (name === undefined) throw new UsageError('nothing is open at this step');
    const hint = didYouMean(
      name,
      this.open.map((entry) => entry.name),
    );
    throw new UsageError(`no open handle is called '${name}'${hint}`);
  }

  private newName(wanted: string, isGiven: boolean): string {
    let name = wanted;
    if (isGiven && this.names.has(name)) throw new UsageError(`two handles are called '${name}'`);
    for (let number = 2; this.names.has(name); number++) name = `${wanted}#${number}`;
    this.names.add(name);
    return name;
  }
}

/** What is done with a symbol: its prototype tells a function from a variable. */
function useOf(name: string, prototype: string | undefined, args: readonly string[]): SymbolStep['use'] {
  if (prototype === undefined) {
    if (args.length === 0) return 'find';
    throw new UsageError(
      `'${name}': to call it say how: ${name}:PROTOTYPE, such as '${name}:int(int, const char *)'`,
    );
  }
  const type = typeNamed(prototype);
  if (type.kind === 'function') {
    const wanted = type.parameters.length;
    if (args.length === wanted) return 'call';
    const takes = `${wanted} argument${wanted === 1 ? '' : 's'}`;
    throw new UsageError(`'${name}' takes ${takes}, not ${args.length}`);
  }
  if (type.kind === 'void') {
    throw new UsageError(`'${name}': no variable is ${prototype}; to call a function: '${name}:void(void)'`);
  }
  if (args.length > 1) throw new UsageError(`'${name}' is a variable: it takes one value`);
  return args.length === 0 ? 'read' : 'write';
}

function typeNamed(prototype: string) {
  try {
    return parseDeclaration(prototype).type;
  } catch (error) {
    if (error instanceof DeclarationError) throw new UsageError(error.message);
    throw error;
  }
}

/** A handle answers to its own name, to that of its file, and to the latter's last part. */
const isCalled = ({ name, file }: { name: string; file: string }, wanted: string): boolean =>
  file === wanted || name.replace(/#\d+$/, '') === wanted;

function onlyWord([word, more]: readonly Word[]): string | undefined {
  return more === undefined ? word?.text : refuse(`one word too many: '${more.text}'`);
}

function refuse(message: string): never {
  throw new UsageError(message);
}
