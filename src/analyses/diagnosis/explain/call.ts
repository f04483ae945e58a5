import { baseName, type Finding } from '../../../model/index.ts';
import { needChain } from '../open-diagnosis.ts';
import { chainEvidence, failure, pathOf, type Refusal } from '../refusal.ts';

export function explainProgram(refusal: Refusal): Finding[] {
  const path = pathOf(refusal);
  const isFixed = refusal.message.text === 'cannot dynamically load executable';
  return [
    failure(refusal, 'open.program', {
      object: path,
      evidence: [
        {
          text: isFixed
            ? 'a program that is linked to fixed addresses (ET_EXEC)'
            : 'a position-independent program (DF_1_PIE)',
          object: path,
        },
      ],
      fix: 'build what is to be opened as a library (-shared), and let the program link with it; a program can only be run',
    }),
  ];
}

export function explainForbidden(refusal: Refusal): Finding[] {
  const { process } = refusal;
  const path = pathOf(refusal);
  const entry = process.scope.find((one) => one.path === path);
  return [
    failure(refusal, 'open.forbidden', {
      object: path,
      evidence: [
        ...chainEvidence(needChain(entry).slice(0, -1), baseName(path)),
        { text: 'is marked as not to be opened (DF_1_NOOPEN)', object: path },
      ],
      fix: `link the program with ${baseName(path)}, or link the library without -Wl,-z,nodlopen`,
    }),
  ];
}

/** The flags, the namespace, the handle: nothing that a file could mend. */
export function explainCall(refusal: Refusal): Finding[] {
  const { message } = refusal;
  const [text, fix] = CALLS[message.cause] ?? ['the call is not one that the loader takes', 'see dlopen(3)'];
  return [failure(refusal, 'open.invalid-call', { evidence: [{ text }], fix })];
}

const CALLS: Readonly<Record<string, readonly [text: string, fix: string]>> = {
  mode: [
    'the flags hold neither RTLD_LAZY nor RTLD_NOW, or RTLD_GLOBAL for a new namespace',
    'pass exactly one of RTLD_LAZY and RTLD_NOW; dlmopen takes RTLD_GLOBAL for the base namespace alone',
  ],
  namespace: [
    'the namespace does not exist, or no longer',
    'take the namespace from dlinfo(RTLD_DI_LMID) of a library that is still open; the program itself (NULL) is in the base namespace alone',
  ],
  handle: [
    'the handle is closed already, or is none that dlopen returned',
    'close a handle once for each dlopen that returned it, and check what dlopen returns',
  ],
  exiting: [
    'the process is ending: destructors run',
    'open the library earlier, not in a destructor or an atexit function',
  ],
  limit: [
    'the process has all the namespaces (16) or generations of thread-local storage that there can be',
    'close what dlmopen opened, or open the libraries in one namespace',
  ],
};

/** RTLD_NOLOAD asks, and the answer is no. */
export function explainNotLoaded(refusal: Refusal): Finding[] {
  const { file, simulated } = refusal.diagnosis;
  const apart = simulated?.apart;
  return [
    {
      ...failure(refusal, 'open.not-loaded', {
        evidence: [
          { text: 'RTLD_NOLOAD opens what is loaded already, and loads nothing' },
          ...(apart === undefined ? [] : [{ text: 'is loaded in another namespace', object: apart.path }]),
        ],
        fix: apart
          ? `ask in its namespace: dlmopen(), with the number that dlinfo(RTLD_DI_LMID) tells of its handle`
          : `leave out RTLD_NOLOAD to load ${file}, or ask by its soname or the path that it was loaded from`,
      }),
      severity: 'note',
    },
  ];
}

/** `$ORIGIN` and its like in a name (glibc elf/dl-deps.c, expand_dst). */
export function explainToken(refusal: Refusal): Finding[] {
  const isSecure = refusal.message.text.startsWith('DST not allowed');
  return [
    failure(refusal, 'open.token', {
      subject: refusal.message.object || refusal.diagnosis.file,
      evidence: [
        {
          text: isSecure
            ? 'the program has the set-user-ID bit or capabilities: there $ORIGIN, $LIB and $PLATFORM count for nothing'
            : 'a token in the name stands for nothing here',
        },
      ],
      fix: isSecure
        ? 'write an absolute path, or a name that is found in the directories of the system'
        : 'write the name without $ORIGIN, $LIB or $PLATFORM',
    }),
  ];
}

export function explainAborted(refusal: Refusal): Finding[] {
  const isVersions = refusal.message.message.includes('needed != NULL');
  return [
    failure(refusal, isVersions ? 'load.missing-version' : 'open.unknown', {
      evidence: [
        {
          text: isVersions
            ? 'the library, or one that it needs, asks for versions of a file that it no longer needs'
            : 'the loader found itself in a state that it holds to be impossible: mostly a damaged or edited file',
        },
      ],
      fix: isVersions
        ? 'link the library anew instead of editing what it needs'
        : 'link the library anew; if the file is whole, this is a fault of the loader',
    }),
  ];
}
