import base from "./base.css?inline";
import button from "./button.css?inline";
import controls from "./controls.css?inline";
import tone from "./tone.css?inline";

export {
  Button,
  type ButtonProps,
  type ControlSize,
  IconButton,
  type IconButtonProps,
  type Tone,
  type Variant,
} from "./button.tsx";
export { Dialog, type DialogProps } from "./dialog.tsx";
export {
  type FloatingOptions,
  type Placement,
  prefetchFloating,
  useDismiss,
  useFloating,
} from "./floating.ts";
export { loadFonts } from "./fonts.ts";
export { Menu, type MenuItem, MenuList, type MenuProps, type MenuTrigger } from "./menu.tsx";
export { useMount } from "./mount.ts";
export { activeElement, Popover, type PopoverProps } from "./popover.tsx";
export { createTypeahead, nextIndex } from "./roving.ts";
export { adopt, RootContext, type StyleRoot, sheet, useStyles } from "./sheet.ts";
export { Spinner } from "./spinner.tsx";
export { TextField, type TextFieldProps } from "./text-field.tsx";
export {
  type ColorScheme,
  createTheme,
  effectiveScheme,
  type FontSource,
  type Theme,
  themeCss,
} from "./theme.ts";
export { Tooltip } from "./tooltip.tsx";

/** Resets and controls. Everything below an element of class `ck` is shut off from the page's own styles. */
export const baseStyles: readonly string[] = [base, tone, button, controls];
