/**
 * Works on all, so many at once. What fails keeps nothing else from being done, and nothing is under way any more when
 * this ends.
 * @throws what failed first.
 */
export async function inParallel<One, Result>(
  all: readonly One[],
  most: number,
  work: (one: One) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const failures: unknown[] = [];
  const waiting = [...all];
  await Promise.all(
    Array.from({ length: Math.min(most, all.length) }, async () => {
      for (let one = waiting.shift(); one !== undefined; one = waiting.shift())
        await work(one).then(
          (result) => void results.push(result),
          (error: unknown) => void failures.push(error),
        );
    }),
  );
  if (failures.length > 0) throw failures[0];
  return results;
}
