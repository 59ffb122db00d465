// The sandbox in a process of its own, as far from a Dossier as Stripe is.
import path from 'node:path';
import { pino } from 'pino';
import { startSandbox } from '../../../src/sandbox/start';
import { loadLanguages } from '../../../src/lib/language';
import { root } from '../../../src/lib/root';
import { mayRead } from '../../billing/convergence/model';

export type AskStripe =
  { readonly pay: readonly string[] } | { readonly whoReads: readonly string[]; readonly prices: readonly string[] };

async function serve(): Promise<void> {
  const { port, apiKey, acts, world } = await startSandbox({
    wall: null,
    languages: loadLanguages(path.join(root, 'views/languages')),
    log: pino({ level: 'silent' }),
  });
  process.on('message', (ask: AskStripe) => {
    if ('pay' in ask) {
      for (const session of ask.pay) acts.payCheckout(session, { card: 'good' });
      process.send!('paid');
      return;
    }
    const terms = { prices: new Set(ask.prices), graceDays: 7 };
    process.send!(ask.whoReads.map((customer) => mayRead(world, customer, terms, world.now())));
  });
  process.send!({ port, apiKey });
}

void serve();
