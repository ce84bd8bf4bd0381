import { assert } from 'chai';
import { Project } from './compiler.ts';

const program = `import type { Message } from 'gst-allocators';
declare module 'gst-allocators' { interface ElementMessages { 'my-event': { count: number } } }
export function look(message: Message) {
  const text: string | undefined = message.text, state = message.newState, name: string | null = message.name;
  if (message.type === 'element') {
    if (message.name === 'level') message.fields.rms[0]?.toFixed();
    if (message.name === 'spectrum') message.fields.magnitude?.length;
    if (message.name === 'my-event') message.fields.count.toFixed();
    if (message.name === 'level') message.fields.count; //! Property 'count' does not exist
  }
  if (message.type === 'error') message.text.trim();
  if (message.type === 'state-changed') message.newState.trim();
  if (message.type === 'tag') message.fields.taglist.title;
  if (message.type === 'buffering') message.fields['buffer-percent'].toFixed();
  if (message.type === 'eros') text; //! have no overlap
  return [text, state, name, message.fields];
}`;

describe('Messages, to the compiler', function () {
  this.timeout(60_000);

  it('are told apart by their types, and those of elements by their names', () => {
    const project = new Project();
    try {
      const { errors } = project.check(program);
      const wrong = program.split('\n').flatMap((line, index) => {
        const [, wanted] = line.split('//! ');
        const got = errors.get(index + 1);
        return (wanted === undefined ? got === undefined : got?.includes(wanted)) ? [] : [`${line}\n${got}`];
      });
      assert.deepEqual(wrong, []);
    } finally {
      project.remove();
    }
  });
});
