import type { RegisteredElement, RegisteredPlugin, Registry } from '../runtime/port/index.ts';

/** The elements of these plugins in alphabetical order, without those that cannot be loaded. */
export function readElements(registry: Registry, plugins: readonly RegisteredPlugin[]): RegisteredElement[] {
  return plugins
    .flatMap(({ factories }) => factories)
    .sort()
    .flatMap((factory) => registry.element(factory) ?? []);
}
