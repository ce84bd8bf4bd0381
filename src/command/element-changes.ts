/** Differences between two modules of element types. */

/** One line for each element that has changed. */
export function changesBetween(before: string, after: string): string[] {
  const [old, current] = [elementsIn(before), elementsIn(after)];
  const lines: string[] = [];
  for (const [factory, properties] of current) {
    const known = old.get(factory);
    if (!known) {
      lines.push(`new: ${factory}`);
      continue;
    }
    const added = [...properties].filter((name) => !known.has(name));
    const gone = [...known].filter((name) => !properties.has(name));
    if (added.length > 0) lines.push(`${factory}: new ${added.join(', ')}`);
    if (gone.length > 0) lines.push(`${factory}: gone ${gone.join(', ')}`);
  }
  for (const factory of old.keys()) if (!current.has(factory)) lines.push(`gone: ${factory}`);
  return lines;
}

const keysOf = (body: string): string[] =>
  [...body.matchAll(/^ {2}'?([^\s'*/:]+)'?: [^\n]*;$/gm)].map(([, name = '']) => name);

/** The properties of the elements, by their factories. */
function elementsIn(text: string): Map<string, Set<string>> {
  const interfaces = new Map<string, { bases: string[]; body: string }>();
  for (const [, name = '', bases = '', body = ''] of text.matchAll(
    /^(?:export )?interface (\w+)(?: extends ([^{]*?))? \{(?:\}|\n([\s\S]*?)^\})/gm,
  ))
    interfaces.set(name, { bases: bases.match(/\w+(?=$|,)|(?<=Omit<)\w+/g) ?? [], body });
  const all = new Map<string, Set<string>>();
  const propertiesOf = (name: string): Set<string> => {
    const known = all.get(name);
    if (known) return known;
    const found = interfaces.get(name);
    const names = new Set([
      ...(found?.bases ?? []).flatMap((base) => [...propertiesOf(base)]),
      ...keysOf(found?.body ?? ''),
    ]);
    all.set(name, names);
    return names;
  };
  const entries = [...interfaces].find(([name]) => name.endsWith('ElementTypes'))?.[1].body ?? '';
  return new Map(
    [...entries.matchAll(/^ {2}'?([^\s'*/:]+)'?: (\w+);$/gm)].map(([, factory = '', type = '']) => [
      factory,
      propertiesOf(type),
    ]),
  );
}
