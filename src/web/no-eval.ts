import { z } from 'zod';

// Our content security policy allows no code made at run time, and zod must not even try: each try is reported as a breach.
// It decides so when a schema is made, so this stands before everything that makes one.
z.config({ jitless: true });
