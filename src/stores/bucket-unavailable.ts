/**
 * The bucket does not answer, or not with what it was asked for, or there is none: what lies in it is not to be had
 * now.
 */
export class BucketUnavailableError extends Error {
  override name = 'BucketAway';
}

/**
 * Says of what the client threw the status, the name and the code: the rest of it (the request, its signature) is for
 * nobody's log.
 */
export function bucketUnavailable(cause: unknown): BucketUnavailableError {
  const { name, code, $metadata } = (cause ?? {}) as {
    name?: unknown;
    code?: unknown;
    $metadata?: { httpStatusCode?: unknown };
  };
  const details = [$metadata?.httpStatusCode, name, code].filter(
    (part) => typeof part === 'string' || typeof part === 'number',
  );
  return new BucketUnavailableError(`the bucket does not answer as it should (${details.join(', ')})`);
}
