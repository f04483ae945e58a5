import { basename, join } from 'node:path';
import type { LinkInput, ObjectSymbols } from '../../analyses/archives/link-members.ts';
import { readArchive } from '../../archive/index.ts';
import type { ByteSource } from '../../bytes/index.ts';
import { ElfFile, SHN, STB, symbolBinding, symbolName } from '../../elf/index.ts';
import { openFile } from '../../host/file-source.ts';
import { memberFiles } from '../../host/member-files.ts';
import type { Command } from '../../model/lab.ts';

/** Reads the object files and archives that a link names by their files, in its order. */
export function linkInputs([, ...args]: Command, directory: string): LinkInput[] {
  return args.flatMap((name): LinkInput[] => {
    if (name.endsWith('.a')) return [{ kind: 'archive', members: readMembers(name, directory) }];
    if (!name.endsWith('.o')) return [];
    using source = openFile(join(directory, name));
    return [{ kind: 'object', object: objectSymbols(source, name) }];
  });
}

function readMembers(name: string, directory: string): ObjectSymbols[] {
  const path = join(directory, name);
  using source = openFile(path);
  using files = memberFiles(path);
  return readArchive(source).members.flatMap((member) => {
    const content = files.open(member);
    return content === undefined ? [] : [objectSymbols(content, `${basename(name)}(${member.name})`)];
  });
}

function objectSymbols(source: ByteSource, name: string): ObjectSymbols {
  const object = { name, strong: [] as string[], yielding: [] as string[], needed: [] as string[] };
  const symbols = new ElfFile(source).symbolTable;
  for (let index = 1; symbols !== undefined && index < symbols.count; index++) {
    const binding = symbolBinding(symbols.info[index]!);
    if (binding === STB.LOCAL) continue;
    const section = symbols.section[index]!;
    if (section === SHN.UNDEF) {
      if (binding === STB.GLOBAL) object.needed.push(symbolName(symbols, index));
    } else {
      const yields = binding !== STB.GLOBAL || section === SHN.COMMON;
      object[yields ? 'yielding' : 'strong'].push(symbolName(symbols, index));
    }
  }
  return object;
}
