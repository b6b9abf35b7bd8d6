declare module 'libpg-query/wasm/libpg-query.js' {
  export interface ParserModule {
    lengthBytesUTF8(text: string): number
    stringToUTF8(text: string, pointer: number, size: number): void
    UTF8ToString(pointer: number): string
    getValue(pointer: number, type: 'i32'): number
    _malloc(size: number): number
    _free(pointer: number): void
    _wasm_parse_query_raw(text: number): number
    _wasm_free_parse_result(result: number): void
    _wasm_scan(text: number): number
    _wasm_free_string(pointer: number): void
  }
  const create: (options: {
    instantiateWasm(
      imports: { readonly [module: string]: { [name: string]: number } },
      receive: (instance: object) => void,
    ): void
  }) => Promise<ParserModule>
  // biome-ignore lint/style/noDefaultExport: that is what the package has
  export default create
}

/** Node has it; its types leave it to the DOM's. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array)
  }
  class Instance {
    constructor(module: Module, imports: object)
  }
}
