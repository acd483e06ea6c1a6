/** Lets a person choose files. `accept` maps MIME types to extensions; null accepts everything. */
export function chooseFiles(
  accept: Readonly<Record<string, readonly string[]>> | null,
  chosen: (files: readonly File[]) => void,
): void {
  const input = document.createElement("input");
  input.type = "file";
  input.multiple = true;
  if (accept)
    input.accept = Object.entries(accept)
      .flatMap(([type, extensions]) => [type, ...extensions])
      .join(",");
  input.addEventListener("change", () => chosen([...(input.files ?? [])]));
  input.click();
}
