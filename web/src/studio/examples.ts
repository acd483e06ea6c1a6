import { snippet } from "./snippets.ts";

/** Parts that cannot stand alone, in what they stand in. */
const WHOLE: Readonly<Record<string, string>> = {
  Card: '<Card size="sm" status={{ text: "Calendar", icon: "calendar" }} confirm={{ label: "Accept", action: { type: "accept" } }} cancel={{ label: "Decline", action: { type: "decline" } }}>\n  <Title value="Team lunch" size="sm" />\n  <Text value="Friday at noon, on the roof." color="secondary" />\n</Card>',
  Basic:
    '<Basic gap={2} padding={4}>\n  <Text value="A plain root without a frame" />\n  <Badge label="Basic" />\n</Basic>',
  ListView:
    '<ListView limit={2}>\n  <ListViewItem gap={3} align="center" onClickAction={{ type: "open", payload: { id: 1 } }}>\n    <Icon name="document" />\n    <Text value="Plan.md" />\n  </ListViewItem>\n  <ListViewItem gap={3} align="center">\n    <Icon name="images" />\n    <Text value="Harbour.jpg" />\n  </ListViewItem>\n  <ListViewItem gap={3} align="center">\n    <Icon name="chart" />\n    <Text value="Sales.csv" />\n  </ListViewItem>\n</ListView>',
  Row: '<Card size="sm">\n  <Row gap={3}>\n    <Icon name="sparkle" />\n    <Text value="Side by side" />\n    <Spacer />\n    <Badge label="New" color="info" />\n  </Row>\n</Card>',
  Col: '<Card size="sm">\n  <Col gap={1}>\n    <Text value="One below" weight="semibold" />\n    <Caption value="the other" />\n  </Col>\n</Card>',
  Box: '<Card size="sm">\n  <Row gap={2}>\n    <Box width={48} height={48} radius="lg" background="blue-200" />\n    <Box width={48} height={48} radius="full" background="purple-200" />\n    <Box flex={1} height={48} radius="lg" border={{ size: 1, style: "dashed" }} />\n  </Row>\n</Card>',
  Transition:
    '<Card size="sm">\n  <Transition>\n    <Text key="on" value="Fades when its child is another" />\n  </Transition>\n</Card>',
  Spacer:
    '<Card size="sm">\n  <Row>\n    <Text value="Left" />\n    <Spacer />\n    <Text value="Right" />\n  </Row>\n</Card>',
  Divider:
    '<Card size="sm">\n  <Text value="Above" />\n  <Divider spacing={3} flush />\n  <Text value="Below" />\n</Card>',
  Label:
    '<Card size="sm">\n  <Label value="Your name" fieldName="name" />\n  <Input name="name" placeholder="Ada" />\n</Card>',
  Chart:
    '<Card size="md">\n  <Title value="Visitors" size="sm" />\n  <Chart\n    data={[\n      { day: "Mon", web: 12, app: 8 },\n      { day: "Tue", web: 15, app: 9 },\n      { day: "Wed", web: 9, app: 14 },\n      { day: "Thu", web: 18, app: 16 },\n    ]}\n    series={[\n      { type: "bar", dataKey: "web", label: "Web" },\n      { type: "line", dataKey: "app", label: "App" },\n    ]}\n    xAxis="day"\n    showLegend\n    height={180}\n  />\n</Card>',
  Table:
    '<Card>\n  <Table>\n    <Table.Row header>\n      <Table.Cell><Text value="Item" weight="semibold" /></Table.Cell>\n      <Table.Cell align="end"><Text value="Price" weight="semibold" /></Table.Cell>\n    </Table.Row>\n    <Table.Row>\n      <Table.Cell><Text value="Lamp" /></Table.Cell>\n      <Table.Cell align="end"><Text value="49 €" /></Table.Cell>\n    </Table.Row>\n  </Table>\n</Card>',
  Text: '<Card size="sm">\n  <Text value="Large and bold" size="lg" weight="bold" />\n  <Text value="Plain" />\n  <Text value="Quiet" size="sm" color="secondary" />\n</Card>',
  Title:
    '<Card size="sm">\n  <Title value="Extra large" size="xl" />\n  <Title value="Medium" size="md" />\n</Card>',
  Badge:
    '<Card size="sm">\n  <Row gap={2} wrap="wrap">\n    <Badge label="Secondary" />\n    <Badge label="Success" color="success" />\n    <Badge label="Warning" color="warning" variant="outline" />\n    <Badge label="Danger" color="danger" variant="solid" />\n    <Badge label="Info" color="info" pill />\n  </Row>\n</Card>',
  Button:
    '<Card size="sm">\n  <Row gap={2} wrap="wrap">\n    <Button label="Solid" onClickAction={{ type: "press" }} />\n    <Button label="Soft" variant="soft" onClickAction={{ type: "press" }} />\n    <Button label="Outline" variant="outline" iconStart="sparkle" onClickAction={{ type: "press" }} />\n    <Button label="Ghost" variant="ghost" color="danger" onClickAction={{ type: "press" }} />\n  </Row>\n</Card>',
  Icon: '<Card size="sm">\n  <Row gap={3}>\n    <Icon name="star" size="lg" color="yellow-400" />\n    <Icon name="lucide:plane" size="lg" />\n    <Icon name="calendar" size="lg" color="secondary" />\n  </Row>\n</Card>',
  Image:
    "<Card size=\"sm\">\n  <Image\n    src=\"data:image/svg+xml;utf8,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 160 90'%3E%3Crect width='160' height='90' fill='%23bcd6f7'/%3E%3Ccircle cx='120' cy='28' r='12' fill='%23fff2c2'/%3E%3Cpath d='M0 90 55 38 90 70 115 48 160 90z' fill='%235b7fae'/%3E%3C/svg%3E\"\n    alt=\"Hills\"\n    aspectRatio=\"16/9\"\n    radius=\"lg\"\n  />\n</Card>",
};
const PARTS: Readonly<Record<string, string>> = {
  ListViewItem: "ListView",
  "Table.Row": "Table",
  "Table.Cell": "Table",
};

const indent = (text: string): string => text.replaceAll("\n", "\n  ");

/** A small widget that shows a component. */
export function exampleOf(name: string): string {
  const whole = WHOLE[name] ?? WHOLE[PARTS[name] ?? ""];
  return whole ?? `<Card size="sm">\n  ${indent(snippet(name))}\n</Card>`;
}
