"""What has to happen in one step, as Lua that runs inside Redis. Times are Redis's own, in milliseconds.

A run is a hash ``run:<id>`` and a stream ``frames:<id>`` whose entry ids are ``<n>-1``, so that a frame's number is its
place and a second append of the same number is refused by Redis itself; ``<last>-2`` marks the end, and ``<last>-3`` holds
all frames of a run that has been packed. Beside them: ``active:<thread>`` and
``key:<thread>:<key>`` point to runs, ``held:<worker>`` is the set of runs a worker has open, ``stops:<worker>`` wakes it,
``closed`` sorts finished runs by when they ended, ``of:<owner>`` is the set of all runs of an owner.
"""

from typing import Final

__all__ = [
    "APPEND",
    "CLOSE",
    "COMPACT",
    "FORGET",
    "INFO",
    "OPEN",
    "RENEW",
    "STOP",
    "TAKE_OVER",
    "TRIM",
    "UNPACKED",
]

_NOW: Final = """
local function now()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end
"""

_VIEW: Final = (
    _NOW
    + """
local function view(p, id)
  local h = redis.call('HGETALL', p .. 'run:' .. id)
  if #h == 0 then return false end
  h[#h + 1] = 'now'
  h[#h + 1] = tostring(now())
  h[#h + 1] = 'id'
  h[#h + 1] = id
  return h
end
"""
)

INFO: Final = _VIEW + "return view(ARGV[1], ARGV[2])"

# prefix, id, owner, thread, thread key, worker, lease, key or '', exclusive 0|1
OPEN: Final = (
    _VIEW
    + """
local p, id, worker = ARGV[1], ARGV[2], ARGV[6]
local run = p .. 'run:' .. id
local known = redis.call('HGET', run, 'worker')
if known then return {known == worker and 'same' or 'busy', view(p, id)} end
local active, named = p .. 'active:' .. ARGV[5], p .. 'key:' .. ARGV[5] .. ':' .. ARGV[8]
local other = false
if ARGV[8] ~= '' then other = redis.call('GET', named) end
if not other and ARGV[9] == '1' then other = redis.call('GET', active) end
if other and redis.call('EXISTS', p .. 'run:' .. other) == 1 then return {'busy', view(p, other)} end
redis.call('HSET', run, 'owner', ARGV[3], 'thread', ARGV[4], 'place', ARGV[5], 'worker', worker, 'key', ARGV[8],
  'exclusive', ARGV[9], 'state', 'running', 'last', 0, 'beat', 0, 'stop', 0, 'lease', ARGV[7], 'expires', now() + ARGV[7])
if ARGV[8] ~= '' then redis.call('SET', named, id) end
if ARGV[9] == '1' then redis.call('SET', active, id) end
redis.call('SADD', p .. 'held:' .. worker, id)
redis.call('SADD', p .. 'of:' .. ARGV[3], id)
return {'new', view(p, id)}
"""
)

# prefix, id, worker, first, frames...
APPEND: Final = """
local p, id, worker, first = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local run = p .. 'run:' .. id
local h = redis.call('HMGET', run, 'worker', 'state', 'last')
if h[1] ~= worker or h[2] ~= 'running' then return {'lost', 0} end
local last = tonumber(h[3])
if first < 1 or first > last + 1 then return {'gap', last} end
local skip = last + 1 - first
for i = 5 + skip, #ARGV do
  last = last + 1
  redis.call('XADD', p .. 'frames:' .. id, last .. '-1', 'd', ARGV[i])
end
redis.call('HSET', run, 'last', last)
return {'ok', skip}
"""

_RELEASE: Final = """
local function release(p, id)
  local h = redis.call('HMGET', p .. 'run:' .. id, 'worker', 'place')
  if h[1] then redis.call('SREM', p .. 'held:' .. h[1], id) end
  if h[2] and redis.call('GET', p .. 'active:' .. h[2]) == id then redis.call('DEL', p .. 'active:' .. h[2]) end
end
"""

# prefix, id, worker, state
CLOSE: Final = (
    _NOW
    + _RELEASE
    + """
local p, id = ARGV[1], ARGV[2]
local run = p .. 'run:' .. id
local h = redis.call('HMGET', run, 'worker', 'state', 'last')
if h[1] ~= ARGV[3] then return 0 end
if h[2] == ARGV[4] then return 1 end
if h[2] ~= 'running' then return 0 end
redis.call('HSET', run, 'state', ARGV[4])
redis.call('ZADD', p .. 'closed', now(), id)
release(p, id)
-- An entry that is no frame wakes the readers that are blocked on the stream.
redis.call('XADD', p .. 'frames:' .. id, h[3] .. '-2', 'end', ARGV[4])
return 1
"""
)

# prefix, id
STOP: Final = """
local run = ARGV[1] .. 'run:' .. ARGV[2]
local h = redis.call('HMGET', run, 'state', 'worker')
if h[1] ~= 'running' then return 0 end
redis.call('HSET', run, 'stop', 1)
redis.call('DEL', ARGV[1] .. 'stops:' .. h[2])
redis.call('RPUSH', ARGV[1] .. 'stops:' .. h[2], ARGV[2])
redis.call('PEXPIRE', ARGV[1] .. 'stops:' .. h[2], 60000)
return 1
"""

# prefix, worker, lease
RENEW: Final = (
    _NOW
    + """
local p, kept = ARGV[1], {}
for _, id in ipairs(redis.call('SMEMBERS', p .. 'held:' .. ARGV[2])) do
  local run = p .. 'run:' .. id
  local h = redis.call('HMGET', run, 'worker', 'state')
  if h[1] == ARGV[2] and h[2] == 'running' then
    redis.call('HINCRBY', run, 'beat', 1)
    redis.call('HSET', run, 'lease', ARGV[3], 'expires', now() + ARGV[3])
    kept[#kept + 1] = id
  else
    redis.call('SREM', p .. 'held:' .. ARGV[2], id)
  end
end
return kept
"""
)

# prefix, id, worker, lease, beat
TAKE_OVER: Final = (
    _NOW
    + """
local p, id = ARGV[1], ARGV[2]
local run = p .. 'run:' .. id
local h = redis.call('HMGET', run, 'state', 'beat', 'expires', 'lease', 'worker')
if h[1] ~= 'running' or h[2] ~= ARGV[5] then return 0 end
local left = tonumber(h[3]) - now()
-- More time left than was ever given: the clock was set back.
if left > 0 and left <= tonumber(h[4]) + 1000 then return 0 end
redis.call('SREM', p .. 'held:' .. h[5], id)
redis.call('SADD', p .. 'held:' .. ARGV[3], id)
redis.call('HSET', run, 'worker', ARGV[3], 'lease', ARGV[4], 'expires', now() + ARGV[4])
redis.call('HINCRBY', run, 'beat', 1)
return 1
"""
)

_DROP: Final = (
    _RELEASE
    + """
local function drop(p, id)
  local run = p .. 'run:' .. id
  local h = redis.call('HMGET', run, 'owner', 'place', 'key')
  release(p, id)
  if h[3] and h[3] ~= '' and redis.call('GET', p .. 'key:' .. h[2] .. ':' .. h[3]) == id then
    redis.call('DEL', p .. 'key:' .. h[2] .. ':' .. h[3])
  end
  if h[1] then redis.call('SREM', p .. 'of:' .. h[1], id) end
  redis.call('ZREM', p .. 'closed', id)
  redis.call('DEL', run, p .. 'frames:' .. id)
end
"""
)

# prefix, age of frames, age of records
UNPACKED: Final = (
    _NOW
    + """
local p, time, found = ARGV[1], now(), {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', p .. 'closed', '(' .. (time - ARGV[3]), time - ARGV[2])) do
  if #found < tonumber(ARGV[4]) and redis.call('XLEN', p .. 'frames:' .. id) > 2 then found[#found + 1] = id end
end
return found
"""
)

# Only a run that is still whole is packed: another worker may have been first.
COMPACT: Final = """
local frames, last = ARGV[1] .. 'frames:' .. ARGV[2], ARGV[3]
if redis.call('XLEN', frames) ~= tonumber(last) + 1 then return 0 end
redis.call('XADD', frames, last .. '-3', 'z', ARGV[4])
redis.call('XTRIM', frames, 'MINID', last .. '-3')
return 1
"""

TRIM: Final = (
    _NOW
    + _DROP
    + """
local p, touched, time = ARGV[1], 0, now()
for _, id in ipairs(redis.call('ZRANGEBYSCORE', p .. 'closed', '-inf', time - ARGV[3])) do
  drop(p, id)
  touched = touched + 1
end
for _, id in ipairs(redis.call('ZRANGEBYSCORE', p .. 'closed', '-inf', time - ARGV[2])) do
  touched = touched + redis.call('DEL', p .. 'frames:' .. id)
end
return touched
"""
)

# prefix, owner, thread or '', whether all threads 0|1
FORGET: Final = (
    _DROP
    + """
local p, gone = ARGV[1], 0
for _, id in ipairs(redis.call('SMEMBERS', p .. 'of:' .. ARGV[2])) do
  if ARGV[4] == '1' or redis.call('HGET', p .. 'run:' .. id, 'thread') == ARGV[3] then
    drop(p, id)
    gone = gone + 1
  end
end
return gone
"""
)
