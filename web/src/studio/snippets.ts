/** Components with what they need to show something, as the palette inserts them. */
const SNIPPETS: Readonly<Record<string, string>> = {
  Card: '<Card>\n  <Text value="Text" />\n</Card>',
  Text: '<Text value="Text" />',
  Title: '<Title value="Title" />',
  Caption: '<Caption value="Caption" />',
  Markdown: '<Markdown value="**Bold** and plain" />',
  Label: '<Label value="Label" fieldName="field" />',
  Badge: '<Badge label="New" color="info" />',
  Icon: '<Icon name="star" />',
  Image:
    '<Image src="data:image/svg+xml;utf8,%3Csvg xmlns=\'http://www.w3.org/2000/svg\'/%3E" alt="" size={64} />',
  Button: '<Button label="Continue" onClickAction={{ type: "continue" }} />',
  Input: '<Input name="field" placeholder="Type here" />',
  Textarea: '<Textarea name="text" rows={3} />',
  Select: '<Select name="choice" options={[{ label: "One", value: "1" }, { label: "Two", value: "2" }]} />',
  DatePicker: '<DatePicker name="date" />',
  Checkbox: '<Checkbox name="agree" label="I agree" />',
  RadioGroup:
    '<RadioGroup name="size" options={[{ label: "Small", value: "s" }, { label: "Large", value: "l" }]} />',
  Chart:
    '<Chart data={[{ month: "Jan", sales: 3 }, { month: "Feb", sales: 5 }]} series={[{ type: "bar", dataKey: "sales" }]} xAxis="month" />',
  Divider: "<Divider />",
  Spacer: "<Spacer />",
  Table:
    '<Table>\n  <Table.Row header>\n    <Table.Cell><Text value="Name" /></Table.Cell>\n  </Table.Row>\n  <Table.Row>\n    <Table.Cell><Text value="Ada" /></Table.Cell>\n  </Table.Row>\n</Table>',
  ListView: '<ListView>\n  <ListViewItem>\n    <Text value="Item" />\n  </ListViewItem>\n</ListView>',
  Form: '<Form onSubmitAction={{ type: "submit" }}>\n  <Input name="field" />\n  <Button label="Send" submit />\n</Form>',
};

/** A component with what it needs to show something. */
export const snippet = (name: string): string =>
  SNIPPETS[name] ?? `<${name}>\n  <Text value="Text" />\n</${name}>`;
