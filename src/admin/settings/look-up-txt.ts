import { Resolver } from 'node:dns/promises';

/** Milliseconds and tries for an answer: somebody waits for the page. */
const PATIENCE = { timeout: 1_500, tries: 1 };

/** The texts of a name's TXT records, as the machine's resolver has them; empty where nothing answers. */
export async function lookUpTxt(name: string): Promise<readonly string[]> {
  try {
    return (await new Resolver(PATIENCE).resolveTxt(name)).map((parts) => parts.join(''));
  } catch {
    return [];
  }
}
