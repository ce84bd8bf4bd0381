/** Modules that GJS itself provides. Namespaces are typed by what introspection finds, not here. */

declare module 'gi' {
  const gi: {
    // biome-ignore lint/suspicious/noExplicitAny: a namespace is whatever its typelib says
    require(namespace: string, version?: string): any;
  };
  export default gi;
}

declare module 'system' {
  const System: {
    gc(): void;
    exit(code: number): never;
    readonly programArgs: readonly string[];
    readonly version: number;
  };
  export default System;
}

/** GJS's printing to standard output and standard error. */
declare function print(...values: unknown[]): void;
declare function printerr(...values: unknown[]): void;
