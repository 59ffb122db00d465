/** Statements that get a name. Each connection keeps the plan of each, so their number has an end. */
const MOST = 500;

/**
 * Gives each statement a name of its own: a connection then understands it once, and not each time it is asked (the
 * extended query of https://www.postgresql.org/docs/current/protocol-flow.html). The text alone makes the name, never a
 * value. What comes after the last name gets the empty one, which is kept nowhere: slower and nothing else.
 */
export function nameStatements(most = MOST): (statement: { readonly sql: string }) => string {
  const names = new Map<string, string>();
  return ({ sql }) => {
    const known = names.get(sql);
    if (known !== undefined || names.size >= most) return known ?? '';
    const name = `dossier_${names.size}`;
    names.set(sql, name);
    return name;
  };
}
