// Which icons there are, and which of them travel with the first download.

/** Every icon name of the published types (widgets, options, header). */
export const NAMED = [
  "agent", "analytics", "atom", "back-large", "back-small", "batch", "bolt", "book-clock",
  "book-closed", "book-open", "bug", "calendar", "chart", "chat-temporary", "check", "check-circle",
  "check-circle-filled", "chevron-left", "chevron-right", "circle-question", "clock", "close",
  "collapse-large", "collapse-left", "collapse-right", "collapse-small", "compass", "compose",
  "confetti", "cube", "dark-mode", "desktop", "document", "dot", "dots-horizontal",
  "dots-horizontal-circle", "dots-vertical", "dots-vertical-circle", "double-chevron-left",
  "double-chevron-right", "empty-circle", "expand-large", "expand-small", "external-link", "globe",
  "grid", "hamburger", "history", "home", "home-alt", "images", "info", "keys", "lab", "lifesaver",
  "light-mode", "lightbulb", "mail", "map-pin", "maps", "menu", "menu-inverted", "mobile", "name",
  "notebook", "notebook-pencil", "open-left", "open-right", "page-blank", "phone", "play", "plus",
  "profile", "profile-card", "reload", "search", "settings-cog", "settings-slider", "share",
  "sidebar-collapse-left", "sidebar-collapse-right", "sidebar-floating-left",
  "sidebar-floating-open-left", "sidebar-floating-open-right", "sidebar-floating-right",
  "sidebar-left", "sidebar-open-left", "sidebar-open-left-alt", "sidebar-open-right",
  "sidebar-open-right-alt", "sidebar-right", "sparkle", "sparkle-double", "square-code",
  "square-image", "square-text", "star", "star-filled", "suitcase", "user", "wreath", "write",
  "write-alt", "write-alt2",
];

/** Names our own screens use beside them. */
export const CHROME = [
  "arrow-up", "arrow-down", "arrow-left", "stop", "copy", "thumb-up", "thumb-up-filled",
  "thumb-down", "thumb-down-filled", "mic", "paperclip", "trash", "edit-pencil", "warning",
  "chevron-down", "chevron-up", "reply", "download", "at-sign", "file", "code", "link",
  "image-square", "x-circle", "branch", "archive", "pin", "tools", "lock", "quote", "file-image",
  "file-code", "file-spreadsheet", "file-audio", "file-video", "file-zip", "music", "eye", "brain",
  "circle", "arrow-curved-left", "regenerate", "undo", "terminal", "text", "error",
];

/** Drawn before anything is loaded. */
export const INLINE = new Set([
  "plus", "close", "check", "chevron-down", "chevron-up", "chevron-left", "chevron-right",
  "arrow-up", "arrow-down", "stop", "compose", "history", "search", "dots-horizontal", "copy",
  "thumb-up", "thumb-up-filled", "thumb-down", "thumb-down-filled", "reload", "mic", "paperclip",
  "trash", "edit-pencil", "info", "warning", "external-link", "document", "globe", "calendar",
  "back-large", "reply", "settings-slider", "at-sign",
]);

/** Names whose drawing has another name in the icon set. */
export const RENAMED = {
  close: "X",
  compose: "ComposeEditSquare",
  keys: "Key",
  profile: "AvatarProfile",
  "profile-card": "BuilderProfileCard",
  write: "Writing",
};

/** The set strokes this one; everything else here is filled. */
export const DRAWN_HERE = {
  dot: "M10 12a2 2 0 1 0 4 0a2 2 0 1 0 -4 0Z",
};
