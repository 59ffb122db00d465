import type { Prisma } from '../stores/prisma/client';
import { picture } from './reading/rows';

/** Everything of an author but their briefings. */
export const wholeAuthor = { texts: true, picture } satisfies Prisma.AuthorInclude;
export type AuthorRow = Prisma.AuthorGetPayload<{ include: typeof wholeAuthor }>;
