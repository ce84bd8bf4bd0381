/**
 * Raw objects of either engine's bindings, which are accepted in place of a facade. The type recognises them by a
 * method, as node-gtk and GJS name it; each call checks their GType.
 */
export type RawAllocator = { setDefault(): void } | { set_default(): void };
export type RawBuffer = { nMemory(): number } | { n_memory(): number };
export type RawBufferPool = { setFlushing(flushing: boolean): void } | { set_flushing(flushing: boolean): void };
export type RawMemory = { isType(memType: string): boolean } | { is_type(memType: string): boolean };
export type RawSample = { getBuffer(): unknown } | { get_buffer(): unknown };
