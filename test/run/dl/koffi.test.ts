import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const INDEX = fileURLToPath(new URL('../../../src/run/dl/index.ts', import.meta.url));

it('says what to install where koffi is missing, and needs it for nothing else', () => {
  const program = `
    import { registerHooks } from 'node:module';
    registerHooks({
      resolve(specifier, context, next) {
        if (specifier === 'koffi') throw new Error("Cannot find package 'koffi'");
        return next(specifier, context);
      },
    });
    const { dlopen, openInProcess } = await import(${JSON.stringify(INDEX)});
    await openInProcess().catch((error) => console.log(error.message));
    const library = await dlopen('libc.so.6');
    console.log(await library.call('abs', 'int(int)', -1));
    await library.close();
  `;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(stdout).toBe(
    "loading libraries into this process needs the package koffi: 'npm install koffi', or use openHost() " +
      "(Cannot find package 'koffi')\n1\n",
  );
});
