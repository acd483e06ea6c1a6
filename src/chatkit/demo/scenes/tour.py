"""A long answer: every kind of Markdown, streamed, with citations and a link into the page."""

from collections.abc import AsyncIterator

from chatkit.demo._desk import Desk
from chatkit.types import Annotation, ThreadStreamEvent, URLSource

__all__ = ["play"]

TEXT = """\
## The Meridian

Eleven rooms at the end of a pier, one lighthouse, no television. I have held the night desk for **nineteen winters**,
and in all that time nobody has complained about the silence. They complain about the *foghorn*.

### What I am made of

- a **server**, which is a Python class with one method you must write
- a **widget language**, for everything that should be clicked rather than read
  1. drawn in a studio,
  2. filled with your data,
  3. alive in the conversation
- and this **element**, which draws all of it on *your* own page
- [x] runs without a key
- [ ] breakfast before six

> A good night porter says little, and says it at the right moment.
> I am, as you see, a talkative exception.

### How I was hired

```python
from chatkit.asgi import ChatKitApp
from chatkit.backends.sql import SQLStore
from chatkit.server import ChatKitServer


class Porter(ChatKitServer):
    async def respond(self, thread, message, context):
        async for event in an_agent_of_your_own(thread, message):
            yield event


app = ChatKitApp(Porter(SQLStore("sqlite:///porter.db")), auth="open")
```

### The house in figures

| Room | Faces | Stairs | Per night | Known for |
|:-----|:-----:|-------:|----------:|:----------|
| Lamp Room | all sides | 84 | €140 | the turning light |
| Low Tide | south | 3 | €95 | occasional starfish |
| The Quiet One | inland | 12 | €110 | exactly that |
| Number Eleven | north | 11 | — | nobody stays in Eleven |

### How far you can see from the lamp

The horizon is at $d = \\sqrt{2Rh}$. With the lamp at $h = 34$ m and the Earth at $R = 6371$ km, that gives

$$
d = \\sqrt{2 \\cdot 6\\,371\\,000 \\cdot 34} \\approx 20.8\\ \\text{km}
$$

which is further than anyone has ever had to come back from. The lamp itself carries on, as lamps do, by refraction.
If you would rather see it than read it, [walk up to the Lamp Room](chatkit-link://room?name=Lamp+Room).
"""

HORIZON = URLSource(
    title="Distance to the horizon",
    url="https://en.wikipedia.org/wiki/Horizon",
    description="How height above the sea and the bending of light set the distance to the horizon.",
    attribution="Wikipedia",
)


async def play(desk: Desk) -> AsyncIterator[ThreadStreamEvent]:
    end = TEXT.index("refraction.") + len("refraction.")
    async for event in desk.say(TEXT, {end: [Annotation(source=HORIZON, index=end)]}):
        yield event
