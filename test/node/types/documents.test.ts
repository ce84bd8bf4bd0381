import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert } from 'chai';
import { Project, root } from './compiler.ts';

describe('docs/typed-pipelines.md', function () {
  this.timeout(120_000);
  const text = readFileSync(join(root, 'docs/typed-pipelines.md'), 'utf8');
  const programs = [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, program = '']) => program);
  let project: Project;
  before(() => {
    project = new Project();
  });
  after(() => project.remove());

  it('has programs', () => assert.isAtLeast(programs.length, 5));

  for (const program of programs) {
    it(`compiles: ${program
      .split('\n')
      .find((line) => line.includes('parse('))
      ?.trim()}`, () => {
      assert.deepEqual([...project.check(program).errors], []);
    });
  }

  it('says the errors as they are', () => {
    const bare = programs
      .map((program) => program.replaceAll('@ts-expect-error ', ''))
      .find((each) => each.includes('bitrat='));
    const lines = (bare ?? '').split('\n');
    const said = lines.flatMap((line, at) => (/^\/\/ (.*)/.exec(line) ? [[at + 2, line.slice(3)] as const] : []));
    const { errors } = project.check(bare ?? '');
    assert.isAtLeast(said.length, 10);
    for (const [line, sentence] of said) {
      if (!sentence.startsWith('"bal"')) assert.include(errors.get(line), sentence);
    }
    assert.strictEqual(errors.size, said.length);
  });
});
