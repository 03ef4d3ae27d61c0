// Types of style sheets and images; next-env.d.ts, which Next.js writes, says the same after the first build.
/// <reference types="next" />
/// <reference types="next/image-types/global" />
