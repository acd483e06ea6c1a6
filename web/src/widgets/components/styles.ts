import badge from "./badge/styles.css?inline";
import basic from "./basic/styles.css?inline";
import box from "./box/styles.css?inline";
import button from "./button/styles.css?inline";
import card from "./card/styles.css?inline";
import chart from "./chart/styles.css?inline";
import checkbox from "./checkbox/styles.css?inline";
import divider from "./divider/styles.css?inline";
import form from "./form/styles.css?inline";
import icon from "./icon/styles.css?inline";
import image from "./image/styles.css?inline";
import input from "./input/styles.css?inline";
import list from "./list/styles.css?inline";
import markdown from "./markdown/styles.css?inline";
import radioGroup from "./radio-group/styles.css?inline";
import select from "./select/styles.css?inline";
import table from "./table/styles.css?inline";
import text from "./text/styles.css?inline";
import textarea from "./textarea/styles.css?inline";
import transition from "./transition/styles.css?inline";

/** Containers first: what stands in them may set its own distances. */
export default [
  box,
  basic,
  card,
  list,
  form,
  divider,
  table,
  text,
  badge,
  markdown,
  icon,
  image,
  chart,
  button,
  input,
  textarea,
  checkbox,
  radioGroup,
  select,
  transition,
];
