/** What an archive says of itself to whoever unpacks it. */
export const README = `Everything of this publication.

archive.json      what this is, when it was made, and how many rows of each table it has
tables/           the rows of every table that is taken along, a line of JSON for each
pictures/         the pictures, each named by the SHA-256 of its bytes; in sizes/ narrower copies
briefings/        each briefing in a folder of its own, to be read, or taken in elsewhere by
                  npm run briefing -- import <folder>
pages/            the publication's own pages, a file for each language
end.json          says that nothing is missing before it

This makes the same publication in an empty database, from tables/ and pictures/:

    npm run import -- archive <this file>

Keep it as you keep the database: it holds the addresses of members and the hashes of their passwords.
Sessions, keys, links, passkeys and the secrets of second factors are not in it.
`;
