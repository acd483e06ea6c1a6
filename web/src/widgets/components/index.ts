import type { WidgetComponent } from "../registry.ts";
import { Badge } from "./badge/badge.tsx";
import { Basic } from "./basic/basic.tsx";
import { Box, Col, Row, Spacer } from "./box/box.tsx";
import { Button } from "./button/button.tsx";
import { Card } from "./card/card.tsx";
import { Chart } from "./chart/chart.tsx";
import { Checkbox } from "./checkbox/checkbox.tsx";
import { DatePicker } from "./date-picker/date-picker.tsx";
import { Divider } from "./divider/divider.tsx";
import { Form } from "./form/form.tsx";
import { Icon } from "./icon/icon.tsx";
import { Image } from "./image/image.tsx";
import { Input } from "./input/input.tsx";
import { ListView, ListViewItem } from "./list/list.tsx";
import { Markdown } from "./markdown/markdown.tsx";
import { RadioGroup } from "./radio-group/radio-group.tsx";
import { Select } from "./select/select.tsx";
import { Table, TableCell, TableRow } from "./table/table.tsx";
import { Label } from "./text/label.tsx";
import { Caption, Text, Title } from "./text/text.tsx";
import { Textarea } from "./textarea/textarea.tsx";
import { Transition } from "./transition/transition.tsx";

/** The components of the widget language. */
export const builtIn: Readonly<Record<string, WidgetComponent>> = {
  Badge,
  Basic,
  Box,
  Button,
  Caption,
  Card,
  Chart,
  Checkbox,
  Col,
  DatePicker,
  Divider,
  Form,
  Icon,
  Image,
  Input,
  Label,
  ListView,
  ListViewItem,
  Markdown,
  RadioGroup,
  Row,
  Select,
  Spacer,
  Table,
  "Table.Cell": TableCell,
  "Table.Row": TableRow,
  Text,
  Textarea,
  Title,
  Transition,
};
