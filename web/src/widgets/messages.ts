/** The renderer's own words in English; a host translates them under the same keys. */
export const messages = {
  "widget.show_more": "Show more",
  "widget.show_less": "Show less",
  "widget.expand": "Show details",
  "widget.collapse": "Hide details",
  "widget.clear": "Clear",
  "widget.search": "Search",
  "widget.no_results": "No results",
  "widget.select": "Select…",
  "widget.select_date": "Select a date",
  "widget.previous_month": "Previous month",
  "widget.next_month": "Next month",
  "widget.today": "Today",
  "widget.loading": "Loading",
  "widget.chart": "Chart",
  "widget.chart_data": "Chart data",
  "widget.table": "Table",
  "widget.too_large": "This widget is too large to show completely.",
  "widget.failed": "This part could not be shown.",
  "widget.unknown": "Unknown component: {type}",
} as const;

export type MessageKey = keyof typeof messages;

/** Puts values in the place of `{name}`. */
export function fill(text: string, values: Readonly<Record<string, string | number>> = {}): string {
  return text.replace(/\{(\w+)\}/g, (all, name: string) => String(values[name] ?? all));
}
