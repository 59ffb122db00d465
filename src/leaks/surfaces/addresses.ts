import type { Planted } from '../plant';

/** An id that no row has. */
export const NOBODYS = '00000000-0000-4000-8000-000000000000';

/** The same addresses, whatever is planted. */
export const at =
  (...paths: readonly string[]) =>
  () =>
    paths;

/** Every briefing by every name it has or had, and one that nobody wrote. */
export const everyBriefing = ({ published, hidden, formerly, formerlyHidden }: Planted) => [
  ...published,
  ...hidden,
  ...formerly.slice(0, 1),
  ...formerlyHidden,
  'nobody-wrote-this',
];
