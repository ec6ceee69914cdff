// The template on real sockets: what it teaches to copy works.
import { expect, it } from 'vitest';
import { LabTest } from '../run.fixture';
import lab from './lab';

it('greets whoever connects', async () => {
  const run = await LabTest.play(lab, { greeting: 'good day' });
  expect(run.ladder()).toMatchSnapshot();
  expect(run.stepsDone()).toEqual(['listen', 'greet']);
  expect(run.verdict('bytes')).toBe('all');
  await run.act('again');
  expect(run.facts('bytes.received', 'client-2').map((fact) => run.text(fact))).toEqual(['good day\n']);
});
