customElements.whenDefined("openai-chatkit").then(({ registerComponent }) => {
  registerComponent("Acme.Stars", {
    draw(place, part) {
      const field = document.createElement("input");
      field.type = "range";
      field.max = part.props.of;
      field.value = part.value ?? 0;
      field.ariaLabel = part.props.label;
      field.oninput = () => part.setValue(Number(field.value));
      place.append(field);
      return {
        update() {
          field.max = part.props.of;
          field.ariaLabel = part.props.label;
        },
      };
    },
  });
});
