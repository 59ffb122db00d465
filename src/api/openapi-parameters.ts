import { z } from 'zod';

/** A parameter as OpenAPI describes it. */
export interface Parameter {
  readonly name: string;
  readonly in: 'query' | 'path';
  readonly required: boolean;
  readonly description: string;
  readonly schema: object;
}

/** The parameters of an address, from the very schemas that check them. */
export const parametersOf = (path: z.ZodObject, query: z.ZodObject): Parameter[] => [
  ...describe(path, 'path'),
  ...describe(query, 'query'),
];

/** In JSON Schema (2020-12), as a program is to think of the value and not as the text that it is sent as. */
function describe(form: z.ZodObject, where: Parameter['in']): Parameter[] {
  const { properties = {} } = z.toJSONSchema(form, { io: 'output' });
  return Object.entries(properties).map(([name, property]) => {
    const { description = '', ...schema } = property as { readonly description?: string };
    return { name, in: where, required: where === 'path', description, schema };
  });
}
