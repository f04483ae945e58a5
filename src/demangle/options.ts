/** How names are printed. */
export interface DemangleOptions {
  /** `gnu`: as c++filt of binutils (the default); `llvm`: as llvm-cxxfilt. */
  readonly style?: 'gnu' | 'llvm';
  /** Parameters of functions, and with them return types and qualifiers (default true). */
  readonly params?: boolean;
  /** Return types of function templates (default true). */
  readonly returnTypes?: boolean;
  /** `gnu` only: write out `std::string` and its like, and the hashes of Rust crates (default true). */
  readonly verbose?: boolean;
}

/** The options with every default filled in. */
export type PrintOptions = Readonly<Required<DemangleOptions>>;

export const DEFAULTS: PrintOptions = { style: 'gnu', params: true, returnTypes: true, verbose: true };
