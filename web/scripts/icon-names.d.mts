export const NAMED: readonly string[];
export const CHROME: readonly string[];
export const INLINE: ReadonlySet<string>;
export const RENAMED: Readonly<Record<string, string>>;
export const DRAWN_HERE: Readonly<Record<string, string>>;
