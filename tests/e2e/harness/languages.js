// What is no flow of its own, but a look at many screens, costs a minute a language. The browser step
// of every change takes one for each look, so that it stays short; `cargo xtask e2e` takes both.
const BOTH = process.env.SPOTCHECK_LANGUAGES === "both";

/** The cases to try, each a list that begins with its language. `always`: the one that every change is tried in. */
export const languages = (cases, always) => cases.filter(([locale]) => BOTH || locale === always);
