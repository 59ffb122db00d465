-- Phrases of the sections of admin and desk, and of what all records share, go by other keys: what a publisher has set
-- of them follows. A process of before says them as delivered until it ends.
UPDATE "phrases"
   SET "key" = CASE
     WHEN "key" = 'desk.rooms' THEN 'desk.sections'
     WHEN "key" ~ '^desk[.]category[.](wrong|slug|slug[.]new|slug[.]hint|make|save|delete[.]more|wrong[.]slug[.](form|none))$'
       THEN replace("key", 'desk.category.', 'desk.record.')
     ELSE replace("key", '.room', '.section')
   END
 WHERE "key" ~ '^(admin|admin[.]field|admin[.]phrases|desk|desk[.]author|desk[.]page)[.]room([.]|$)'
    OR "key" = 'desk.rooms'
    OR "key" ~ '^desk[.]category[.](wrong|slug|slug[.]new|slug[.]hint|make|save|delete[.]more|wrong[.]slug[.](form|none))$';
