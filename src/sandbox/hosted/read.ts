import type { Request } from 'express';
import type { z } from 'zod';
import { Failure } from '../../lib/failure';

/** The fields of a form of ours. @throws Failure 400 when they are not what our page sends. */
export function read<T>(schema: z.ZodType<T>, { body }: Request): T {
  const fields = schema.safeParse(body ?? {});
  if (fields.success) return fields.data;
  throw new Failure(400, 'a form of the sandbox that is none of its own');
}
