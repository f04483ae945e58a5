import { relocationTypeName } from '../../../elf/index.ts';
import { baseName, type Finding } from '../../../model/index.ts';
import { failure, pathOf, type Refusal } from '../refusal.ts';

/** A type that the loader does not know: it prints the number in hexadecimal, musl in decimal. */
export function explainRelocation(refusal: Refusal): Finding[] {
  const { message, diagnosis } = refusal;
  const path = pathOf(refusal);
  const code = Number.parseInt(message.type ?? '', message.loader === 'glibc' ? 16 : 10);
  const { machine } = diagnosis.program.object.architecture;
  const name = Number.isNaN(code) ? (message.type ?? 'unknown') : relocationTypeName(machine, code);
  return [
    failure(refusal, 'open.relocation', {
      object: path,
      evidence: [
        { text: `has a relocation of the type ${name}, which this loader does not apply`, object: path },
      ],
      fix: `compile all of ${baseName(path)} with -fPIC, its static archives too, and link with -Wl,-z,text; if it was so, the linker is newer than the loader`,
    }),
  ];
}

/** A relocation that holds 32 bits of an address of 64; the loader warns and goes on with a broken value. */
export function explainOverflow(refusal: Refusal): Finding[] {
  const { message } = refusal;
  const path = pathOf(refusal);
  return [
    failure(refusal, 'open.relocation', {
      subject: message.symbol!,
      object: path,
      evidence: [
        {
          text: `${message.type} holds 32 bits: ${message.symbol} lies too far away, and what uses it goes astray`,
          object: path,
        },
      ],
      fix: 'compile the object file that refers to it with -fPIC (R_X86_64_PC32 and R_X86_64_32 come of code that is not position-independent, or of -Wl,-z,notext)',
    }),
  ];
}

/** An IFUNC of the program that has to be resolved before the program is relocated. */
export function explainCircularIfunc(refusal: Refusal): Finding[] {
  const { message, diagnosis } = refusal;
  return [
    failure(refusal, 'open.relocation', {
      subject: message.symbol!,
      object: diagnosis.program.path,
      evidence: [
        { text: `${message.symbol} is an IFUNC of the program, and a library that loads first refers to it` },
      ],
      fix: 'define the IFUNC in a library, or make it an ordinary function',
    }),
  ];
}
