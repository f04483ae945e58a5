const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** `3 keys`, `1.5 KiB`: an amount of a unit as people read it. Units stand in the plural. */
export function quantity(amount: number, unit: string): string {
  if (unit !== 'bytes') return `${plainNumber(amount)} ${amount === 1 ? unit.replace(/s$/, '') : unit}`;
  let value = amount;
  let step = 0;
  while (Math.abs(value) >= 1024 && step < UNITS.length - 1) {
    value /= 1024;
    step++;
  }
  const name = step === 0 && Math.abs(value) === 1 ? 'byte' : UNITS[step];
  return `${plainNumber(value)} ${name}`;
}

/** At most three significant digits behind the point, none where there is nothing. */
export const plainNumber = (value: number): string =>
  Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(3)));
