// Writes each expression with the answer of ODK's engine, one a line, to standard output.
import { ask } from './engine.mjs';
import { expressions } from './grammar.mjs';

const lines = ['# expression\tanswer of @getodk/xforms-engine 0.22.0, ! for an error; local time is UTC'];
for (const expression of expressions(2600)) {
  const answer = await ask(expression);
  lines.push(`${expression}\t${answer.replaceAll('\n', ' ')}`);
}
process.stdout.write(`${lines.join('\n')}\n`);
