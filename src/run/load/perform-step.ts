import type { LoadStep, StepFacts, StepResult } from '../../model/index.ts';
import {
  type AddressInfo,
  type CType,
  type DlProcess,
  type FunctionType,
  type Library,
  Out,
  parseDeclaration,
  type Value,
} from '../dl/index.ts';
import { openFlags } from '../dl/open-mode.ts';
import { scalar, typedArgument } from './argument-text.ts';
import { valueText } from './value-text.ts';

type SymbolStep = Extract<LoadStep, { step: 'symbol' }>;
type SymbolCall = SymbolStep['call'];

/** The process with its open handles, by the names that the steps call them by. */
export interface OpenHandles {
  readonly dl: DlProcess;
  readonly libraries: Map<string, Library>;
  /** The program's own file: the loader has no name for it. */
  readonly program: string;
  /** Where an address of the process, which lies in this object, stands in its file. */
  readonly placeInFile: (object: string, address: bigint) => FilePlace;
}

type FilePlace = Pick<StepResult, 'address' | 'fileOffset'>;

/** What a step did, without what moved in the process meanwhile. */
export type Performed = Pick<StepResult, 'result' | 'message' | 'object' | 'symbol' | 'offset'> &
  FilePlace &
  Pick<StepFacts, 'value' | 'buffers'>;

/** Takes one step. Rejects as the dlopen API in src/run/dl does. */
export function performStep(handles: OpenHandles, step: LoadStep): Promise<Performed> {
  switch (step.step) {
    case 'open':
      return open(handles, step);
    case 'symbol':
      return useSymbol(handles, step);
    case 'info':
      return tellInfo(handles, step);
    case 'close':
      return close(handles, step);
  }
}

async function open(handles: OpenHandles, { call }: Extract<LoadStep, { step: 'open' }>): Promise<Performed> {
  const { dl, libraries } = handles;
  const { file, mode, handle, namespace } = call;
  const flags = openFlags(mode);
  const place = namespace === undefined || namespace === 'new' ? namespace : library(handles, namespace.of);
  const opened = await (place === undefined ? dl.dlopen(file, flags) : dl.dlmopen(place, file, flags));
  libraries.set(handle, opened);
  return { result: 'opened', object: opened.path || handles.program };
}

async function close(
  handles: OpenHandles,
  { call: { handle } }: Extract<LoadStep, { step: 'close' }>,
): Promise<Performed> {
  await library(handles, handle).close();
  handles.libraries.delete(handle);
  return { result: 'closed' };
}

async function useSymbol(handles: OpenHandles, step: SymbolStep): Promise<Performed> {
  const address = await lookUp(handles, step.call);
  if (address === 0n) return { result: 'null' };
  const info = await handles.dl.info(address);
  const place = info === undefined ? {} : { object: objectOf(handles, info) };
  if (step.prototype === undefined) return { result: 'found', ...place };
  const { type } = parseDeclaration(step.prototype);
  if (type.kind === 'function') return { ...place, ...(await callFunction(handles, step, address, type)) };
  return { ...place, ...(await useVariable(handles, step, address, type)) };
}

async function callFunction(
  handles: OpenHandles,
  { call, prototype, args }: SymbolStep,
  address: bigint,
  type: FunctionType,
): Promise<Performed> {
  const values: unknown[] = [];
  for (const [index, word] of args.entries()) {
    const parameter = type.parameters[index];
    const typed =
      parameter === undefined
        ? { value: word }
        : typedArgument(parameter.type, word, `argument ${index + 1}`);
    values.push('value' in typed ? typed.value : await lookUp(handles, { ...call, symbol: typed.addressOf }));
  }
  const { dl } = handles;
  const result = await dl.functionAt(address, prototype!)(...values);
  const locate = (place: bigint) => dl.info(place);
  const buffers: { argument: number; value: string }[] = [];
  for (const [argument, value] of values.entries()) {
    if (value instanceof Out) {
      buffers.push({ argument, value: await valueText(value.type, value.value, locate) });
    }
  }
  return {
    result: 'called',
    ...(type.result.kind === 'void' ? {} : { value: await valueText(type.result, result, locate) }),
    ...(buffers.length === 0 ? {} : { buffers }),
  };
}

async function useVariable(
  { dl }: OpenHandles,
  { args: [word] }: SymbolStep,
  address: bigint,
  type: CType,
): Promise<Performed> {
  const variable = dl.at<Value>(address, type);
  if (word !== undefined) await variable.set(scalar(type, word, 'the new value') as Value);
  const value = await valueText(type, await variable.get(), (place) => dl.info(place));
  return { result: word === undefined ? 'read' : 'written', value };
}

async function tellInfo(
  handles: OpenHandles,
  { address, offset }: Extract<LoadStep, { step: 'info' }>,
): Promise<Performed> {
  const start = typeof address === 'bigint' ? address : await lookUp(handles, address);
  const info = await handles.dl.info(start + offset);
  if (info === undefined) return { result: 'outside' };
  const { symbol } = info;
  const nearest =
    symbol === undefined ? {} : { symbol: symbol.name, offset: String(start + offset - symbol.address) };
  const object = objectOf(handles, info);
  return { result: 'inside', object, ...nearest, ...handles.placeInFile(object, start + offset) };
}

function lookUp(handles: OpenHandles, { handle, symbol, version }: SymbolCall): Promise<bigint> {
  if (typeof handle !== 'string') return handles.dl.symbol(handle.pseudo, symbol, version);
  const opened = library(handles, handle);
  return version === undefined ? opened.symbol(symbol) : opened.versioned(symbol, version);
}

/** Whoever takes the steps looks first whether their handles are there. */
const library = ({ libraries }: OpenHandles, handle: string): Library => libraries.get(handle)!;

/** dladdr(3) names the program by the path that it was started by, if by any. */
const objectOf = ({ program }: OpenHandles, { object }: AddressInfo): string => object || program;
