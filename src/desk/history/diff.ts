import type { Run } from '../page-types';

/** Words compared at most; longer texts are shown one after the other. */
const MOST = 4_000;

/** Two texts as runs of words that both have, or only one of them: the shortest way from one to the other. */
export function compareWords(before: string, after: string): Run[] {
  const [a, b] = [words(before), words(after)];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const [left, right] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  const middle: Run[] =
    left.length > MOST || right.length > MOST
      ? [
          { in: 'before', text: left.join('') },
          { in: 'after', text: right.join('') },
        ]
      : walk(left, right);
  return joined([
    { in: 'both', text: a.slice(0, start).join('') },
    ...middle,
    { in: 'both', text: a.slice(a.length - end).join('') },
  ]);
}

/** Words, each with the white space after it. */
const words = (text: string): string[] => text.match(/\S+\s*|\s+/g) ?? [];

/** The longest common subsequence, walked from the front. */
function walk(a: readonly string[], b: readonly string[]): Run[] {
  const width = b.length + 1;
  const longest = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      longest[i * width + j] =
        a[i] === b[j]
          ? longest[(i + 1) * width + j + 1]! + 1
          : Math.max(longest[(i + 1) * width + j]!, longest[i * width + j + 1]!);
  const runs: Run[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      runs.push({ in: 'both', text: a[i]! });
      i++;
      j++;
    } else if (j >= b.length || (i < a.length && longest[(i + 1) * width + j]! >= longest[i * width + j + 1]!))
      runs.push({ in: 'before', text: a[i++]! });
    else runs.push({ in: 'after', text: b[j++]! });
  }
  return runs;
}

function joined(runs: readonly Run[]): Run[] {
  return runs.reduce<Run[]>((all, run) => {
    const last = all.at(-1);
    if (run.text === '') return all;
    if (last?.in === run.in) all[all.length - 1] = { in: run.in, text: last.text + run.text };
    else all.push(run);
    return all;
  }, []);
}
