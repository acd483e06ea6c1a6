/** Styles of rendered Markdown; sizes are relative to the text around. */
export const markdownStyles = `
.ck-md{overflow-wrap:anywhere;min-width:0}
.ck-md-plain{white-space:pre-wrap}
.ck-md>:first-child{margin-block-start:0}
.ck-md>:last-child{margin-block-end:0}
.ck-md p{margin-block:.5em 1em}
.ck-md li>p{margin-block:.25em .5em}
.ck-md h1,.ck-md h2,.ck-md h3,.ck-md h4,.ck-md h5,.ck-md h6{font-weight:600;line-height:1.3;text-wrap:balance;color:var(--ck-color-text)}
.ck-md h1{font-size:1.75em;margin-block:1.15em .55em;letter-spacing:-.02em}
.ck-md h2{font-size:1.5em;margin-block:1.3em .6em;letter-spacing:-.015em}
.ck-md h3{font-size:1.25em;margin-block:1.2em .5em;letter-spacing:-.01em}
.ck-md h4,.ck-md h5,.ck-md h6{font-size:1em;margin-block:1.2em .4em}
.ck-md strong{font-weight:600}
.ck-md em{font-style:italic}
.ck-md del{text-decoration:line-through}
.ck-md ul,.ck-md ol{margin-block:.5em 1em;padding-inline-start:1.625em}
.ck-md ul{list-style:disc}
.ck-md ul ul{list-style:circle}
.ck-md ol{list-style:decimal}
.ck-md li{margin-block:.35em;padding-inline-start:.25em}
.ck-md li>ul,.ck-md li>ol{margin-block:.25em .25em}
.ck-md li::marker{color:var(--ck-color-text-secondary)}
.ck-md .ck-md-task{list-style:none;margin-inline-start:-1.5em}
.ck-md .ck-md-task input{width:1em;height:1em;margin:0 .5em 0 0;vertical-align:-.1em;accent-color:var(--ck-primary-solid)}
.ck-md blockquote{margin:1em 0;padding-inline-start:1em;border-inline-start:3px solid var(--ck-color-border);color:var(--ck-color-text-secondary)}
.ck-md hr{border:0;height:1px;margin-block:2em;background:var(--ck-color-border)}
.ck-md a{color:var(--ck-color-link);text-decoration:underline;text-decoration-thickness:1px;text-underline-offset:.18em;text-decoration-color:color-mix(in srgb,currentColor 40%,transparent);border-radius:3px}
.ck-md a:hover{text-decoration-color:currentColor}
.ck-md .ck-md-pending-link{text-decoration:underline dotted;text-underline-offset:.18em}
.ck-md code{font-family:var(--ck-font-mono);font-size:.875em}
.ck-md :not(pre)>code{padding:.15em .35em;border-radius:5px;background:var(--ck-color-highlight);overflow-wrap:anywhere;-webkit-box-decoration-break:clone;box-decoration-break:clone}
.ck-md-code{margin-block:1em;border:1px solid var(--ck-color-border-subtle);border-radius:var(--ck-radius-xl,12px);background:var(--ck-color-code);overflow:hidden;text-align:start}
.ck-md-code-head{display:flex;align-items:center;justify-content:space-between;min-height:36px;padding:0 6px 0 14px;font-size:12px;line-height:18px;color:var(--ck-color-text-secondary)}
[dir=rtl] .ck-md-code-head{padding:0 14px 0 6px}
.ck-md-code-copy{display:inline-flex;align-items:center;justify-content:center;width:28px;height:28px;border-radius:8px;color:inherit;cursor:pointer;background:none;border:0}
.ck-md-code-copy:hover{background:var(--ck-color-highlight);color:var(--ck-color-text)}
.ck-md-code pre{margin:0;padding:4px 14px 14px;overflow-x:auto;font-family:var(--ck-font-mono);font-size:.8125em;line-height:1.6;tab-size:4;white-space:pre;scrollbar-width:thin}
.ck-md-code pre code{font-size:1em}
.ck-md-table{margin-block:1em;overflow-x:auto;max-width:100%;scrollbar-width:thin}
.ck-md-table table{border-collapse:collapse;font-size:.875em;line-height:1.5;min-width:min(100%,20em);width:max-content;max-width:none}
.ck-md-table th{font-weight:600;text-align:start;border-block-end:1px solid var(--ck-color-border-strong);padding:8px 20px 8px 0;white-space:nowrap}
.ck-md-table td{border-block-end:1px solid var(--ck-color-border);padding:10px 20px 10px 0;vertical-align:top;max-width:28em}
[dir=rtl] .ck-md-table th{padding-inline:0 20px}
.ck-md-table tbody tr:last-child td{border-block-end:0}
.ck-md-align-right{text-align:right!important}
.ck-md-align-center{text-align:center!important}
.ck-md-html{white-space:pre-wrap}
.ck-md-image{display:inline-block;padding:0;border:0;background:none;max-width:100%;cursor:zoom-in}
.ck-md-image img{display:block;max-width:100%;max-height:420px;border-radius:var(--ck-radius-xl,12px)}
.ck-md-math-block{display:block;overflow-x:auto;overflow-y:hidden;padding-block:.25em;margin-block:1em;text-align:center;scrollbar-width:thin}
.ck-md .katex{font-size:1.1em}
.ck-md .katex-display{margin:0}
.ck-md-diagram{margin:1em 0;min-width:0}
.ck-md-diagram-place:empty{display:none}
.ck-md-diagram-place{padding:16px;border:1px solid var(--ck-color-border-subtle);border-radius:var(--ck-radius-xl,12px);overflow-x:auto;scrollbar-width:thin}
.ck-md-diagram-place svg{display:block;max-width:100%;height:auto;margin-inline:auto}
.ck-md-diagram-source{margin-block-start:6px;font-size:.8125em;color:var(--ck-color-text-secondary)}
.ck-md-diagram-source summary{width:fit-content;padding-block:3px;cursor:pointer;border-radius:4px}
.ck-md-diagram figcaption{font-size:.8125em;color:var(--ck-color-text-secondary)}
.ck-md-diagram .ck-md-code{margin-block:.25em}
.hljs-comment,.hljs-quote{color:var(--ck-syntax-comment);font-style:italic}
.hljs-keyword,.hljs-selector-tag,.hljs-doctag,.hljs-meta .hljs-keyword{color:var(--ck-syntax-keyword)}
.hljs-string,.hljs-regexp,.hljs-addition,.hljs-attribute,.hljs-meta .hljs-string{color:var(--ck-syntax-string)}
.hljs-number,.hljs-literal,.hljs-symbol,.hljs-bullet{color:var(--ck-syntax-number)}
.hljs-title,.hljs-section,.hljs-selector-id,.hljs-title.function_{color:var(--ck-syntax-function)}
.hljs-type,.hljs-built_in,.hljs-title.class_,.hljs-tag,.hljs-name{color:var(--ck-syntax-tag)}
.hljs-attr,.hljs-variable,.hljs-template-variable,.hljs-selector-class,.hljs-selector-attr,.hljs-property{color:var(--ck-syntax-function)}
.hljs-meta,.hljs-deletion{color:var(--ck-color-text-secondary)}
.hljs-emphasis{font-style:italic}
.hljs-strong{font-weight:600}
@media (prefers-reduced-motion:no-preference){
.ck-md-streaming>*{animation:ck-md-in .25s ease-out both}
@keyframes ck-md-in{from{opacity:0}}
}
@media (forced-colors:active){.ck-md-code{border-color:CanvasText}}
`;
