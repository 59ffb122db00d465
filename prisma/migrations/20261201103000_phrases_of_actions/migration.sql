-- Phrases of the audit log, of a member's timeline and of warnings go by the terms of the field: what a publisher has set
-- of them follows. A process of before says them as delivered until it ends.
UPDATE "phrases"
   SET "key" = CASE
     WHEN "key" LIKE 'admin.deed.%' THEN replace("key", 'admin.deed.', 'admin.audit.action.')
     WHEN "key" = 'admin.happening.deed' THEN 'admin.timeline.action'
     WHEN "key" LIKE 'admin.happening.%' THEN replace("key", 'admin.happening.', 'admin.timeline.')
     WHEN "key" LIKE 'admin.member.happened.%' THEN replace("key", 'admin.member.happened.', 'admin.member.timeline.')
     WHEN "key" LIKE 'import.heed.%' THEN replace("key", 'import.heed.', 'import.warning.')
     WHEN "key" = 'admin.billing.heed' THEN 'admin.billing.attention'
     WHEN "key" = 'desk.page.heed' THEN 'desk.page.warning'
     ELSE 'desk.warning'
   END
 WHERE "key" ~ '^(admin[.](deed|happening|member[.]happened)|import[.]heed)[.]'
    OR "key" IN ('admin.billing.heed', 'desk.page.heed', 'desk.heed');
