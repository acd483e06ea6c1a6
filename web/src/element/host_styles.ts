/** The element's own box. Sizes are the page's business: everything here yields to a rule of the page. */
export const hostCss = `
:host { display: block; box-sizing: border-box; position: relative; min-height: 0; height: 100%; width: 100%; contain: layout style; }
:host([hidden]) { display: none; }
:host(:state(document)) { height: auto; }
:host(:state(popup)), :host(:state(side-panel)) { contain: none; width: auto; height: auto; }
`;
