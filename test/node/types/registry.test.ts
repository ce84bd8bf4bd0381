/** The shipped types against the elements that are installed. */
import { assert } from 'chai';
import { runtime } from '#runtime';
import { Pipeline } from '../../../src/index.ts';
import type { RegisteredElement, RegisteredProperty } from '../../../src/runtime/port/index.ts';
import { Project } from './compiler.ts';

const own = /^(gstreamer|gst-plugins-(base|good|bad|ugly)|gst-libav)$/;
const values: Record<string, string> = {
  gboolean: 'boolean',
  ...Object.fromEntries(['gint', 'guint', 'gfloat', 'gdouble'].map((type) => [type, 'number'])),
  ...Object.fromEntries(['glong', 'gulong', 'gint64', 'guint64'].map((type) => [type, 'number | bigint'])),
  gchararray: 'string | null',
  GFlags: 'string',
  GstFraction: 'string',
  GstValueArray: 'string',
};

/** What `get` gives, whether `set` takes anything, and the nicks. */
function factsOf({ name, fundamental, type, nicks, readable, writable }: RegisteredProperty): string {
  const isFixed = name === 'name' || name === 'parent' || !writable;
  const list = [...nicks.keys()].map((nick) => JSON.stringify(nick)).join(', ');
  const value =
    fundamental === 'GEnum'
      ? `[${list}][number]`
      : (values[fundamental] ??
        values[type] ??
        (type === 'GstCaps' || type === 'GstStructure' ? 'string | null' : 'object'));
  return `${readable ? value : 'never'}, ${!isFixed}, ${fundamental === 'GFlags' ? `[${list}]` : 'unknown'}`;
}

const head = `import type { ElementTypes, PropertyTypes as P } from 'gst-allocators';
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Is<Kind, Value, Settable extends boolean, Nicks> = [
  [Value] extends [never] ? ([P.ValueOf<Kind>] extends [never] ? true : false)
    : [Value] extends [object] ? (object extends P.ValueOf<Kind> ? true : unknown extends P.ValueOf<Kind> ? true : false)
    : Same<P.ValueOf<Kind>, Value>,
  [P.SettableOf<Kind>] extends [never] ? (Settable extends true ? false : true) : Settable,
  unknown extends Nicks ? true : [P.TextOf<Kind>] extends [never] ? true : P.TextOf<Kind> extends { flags: infer Own } ? Same<Own, Nicks> : false,
];
type True = [true, true, true];
type Keys<Factory extends keyof ElementTypes, Names> = Same<keyof ElementTypes[Factory], Names>;
`;

describe('The types of the elements', function () {
  this.timeout(300_000);
  let elements: RegisteredElement[];
  before(function () {
    const { registry } = runtime;
    if (!registry) return this.skip();
    const factories = registry.plugins().flatMap((plugin) => (own.test(plugin.source) ? plugin.factories : []));
    elements = factories.flatMap((factory) => registry.element(factory) ?? []);
  });

  it('agree with the registry: each property of each element, its type, whether it can be read and set, its nicks', () => {
    const lines = elements.flatMap(({ factory, types }) => {
      const properties = new Map(
        [...types].reverse().flatMap((type) => type.properties.map((each) => [each.name, each])),
      );
      const names = [...properties.keys()].map((name) => JSON.stringify(name)).join(' | ');
      const at = `ElementTypes['${factory}']`;
      return [
        `null! as Keys<'${factory}', ${names}> satisfies true;`,
        ...[...properties.values()].map(
          (each) => `null! as Is<${at}['${each.name}'], ${factsOf(each)}> satisfies True;`,
        ),
      ];
    });
    assert.isAbove(elements.length, 900);
    assert.isAbove(lines.length, 12_000);
    const project = new Project();
    try {
      const text = `${head}${lines.join('\n')}`;
      const { errors } = project.check(text);
      const all = text.split('\n');
      assert.deepEqual(
        [...errors].slice(0, 20).map(([line, message]) => `${all[line - 1]} ${message}`),
        [],
      );
    } finally {
      project.remove();
    }
  });

  it('name the properties that the elements themselves have', () => {
    for (const factory of ['x264enc', 'videotestsrc', 'playbin3', 'compositor', 'rtpbin', 'splitmuxsink', 'appsrc']) {
      using pipeline = Pipeline.parse(`${factory} name=element` as string);
      const { propertyNames } = pipeline.get('element');
      const types = elements.find((element) => element.factory === factory)?.types ?? [];
      assert.sameMembers([...new Set(types.flatMap((type) => type.properties.map(({ name }) => name)))], propertyNames);
    }
  });
});
