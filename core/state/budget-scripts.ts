/**
 * `core/budgets/account.ts` in Redis: one script a command, so that it happens at once or not at all.
 *
 * Keys, for every script but READ and BEGIN: 1 since when the tenant is known · 2 leases under a budget by their
 * end · 3 the lease · 4, 5 places of key and tenant · 6, 7 their windows of tokens · 8 to 13 the budgets.
 * Numbers are doubles there, exact up to 2^53 (9 billion dollars), and are never turned into text by Lua itself,
 * which would round them to 14 digits.
 */

/**
 * Arguments: 1 now, 2 name of the lease, 3 cost, 4 tokens, 5 end of the places, 6 end of the lease, 7 lifetime,
 * 8 learned since; limits, or '': 9, 10 places · 11, 12 tokens · 13 to 18 budgets.
 */
export const RESERVE = `
local now, cost, tokens = tonumber(ARGV[1]), tonumber(ARGV[3]), tonumber(ARGV[4])
local held, isBudgeted, expired = {}, false, {}

for i = 1, 6 do
  if ARGV[12 + i] ~= '' then isBudgeted = true end
end
if isBudgeted then
  local since = redis.call('GET', KEYS[1])
  if not since then return {'forgotten'} end
  local knownFrom = tonumber(since) + tonumber(ARGV[7])
  if now < knownFrom then return {'recalling', knownFrom} end
  expired = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[1], 'LIMIT', 0, 10)
end

local unknown = {'unknown'}
for i = 1, 6 do
  if ARGV[12 + i] ~= '' then
    local budget = redis.call('HMGET', KEYS[7 + i], 'spent', 'reserved', 'learnedAt')
    held[i] = { tonumber(budget[1] or 0), tonumber(budget[2] or 0) }
    if not budget[1] or (held[i][2] == 0 and tonumber(budget[3]) < tonumber(ARGV[8])) then
      unknown[#unknown + 1] = i - 1
    end
  end
end
if #unknown > 1 then return unknown end

for i = 1, 6 do
  if held[i] and held[i][1] + held[i][2] + cost > tonumber(ARGV[12 + i]) then
    return {'over-budget', i - 1, held[i][1], held[i][2], expired}
  end
end

local used, needed = {0, 0}, {'', ''}
for i = 1, 2 do
  local limit = tonumber(ARGV[10 + i])
  if limit then
    used[i] = tonumber(redis.call('GET', KEYS[5 + i]) or 0)
    needed[i] = math.min(tokens, limit)
    if used[i] + needed[i] > limit then return {'over-tokens', i - 1, used[i]} end
    used[i] = used[i] + needed[i]
  end
end

for i = 1, 2 do
  local limit = tonumber(ARGV[8 + i])
  if limit then
    redis.call('ZREMRANGEBYSCORE', KEYS[3 + i], '-inf', ARGV[1])
    if redis.call('ZCARD', KEYS[3 + i]) >= limit then return {'over-concurrency', i - 1} end
  end
end

local under = ''
for i = 1, 6 do
  if held[i] then redis.call('HINCRBY', KEYS[7 + i], 'reserved', cost) end
  under = under .. (held[i] and '1' or '0')
end
for i = 1, 2 do
  if needed[i] ~= '' then redis.call('SET', KEYS[5 + i], used[i], 'PX', 120000) end
  if ARGV[8 + i] ~= '' then
    redis.call('ZADD', KEYS[3 + i], ARGV[5], ARGV[2])
    redis.call('PEXPIRE', KEYS[3 + i], ARGV[7])
  end
end
redis.call('HSET', KEYS[3], 'cost', cost, 'under', under, 'key', needed[1], 'tenant', needed[2])
if isBudgeted then redis.call('ZADD', KEYS[2], ARGV[6], ARGV[2]) else redis.call('PEXPIRE', KEYS[3], ARGV[7]) end
return {'admitted', used[1], used[2], expired}`;

/** Arguments: 1 name of the lease, 2 cost, 3 tokens. */
export const SETTLE = `
local lease = redis.call('HMGET', KEYS[3], 'cost', 'under', 'key', 'tenant')
if not lease[1] then return {'unknown'} end
redis.call('DEL', KEYS[3])
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZREM', KEYS[4], ARGV[1])
redis.call('ZREM', KEYS[5], ARGV[1])
local reserved = tonumber(lease[1])
local isBudgeted = 0
for i = 1, 6 do
  local isUnder = string.sub(lease[2], i, i) == '1'
  if isUnder then isBudgeted = 1 end
  if redis.call('EXISTS', KEYS[7 + i]) == 1 then
    if isUnder then redis.call('HINCRBY', KEYS[7 + i], 'reserved', 0 - reserved) end
    redis.call('HINCRBY', KEYS[7 + i], 'spent', ARGV[2])
  end
end
for i = 1, 2 do
  local taken = tonumber(lease[2 + i])
  if taken and redis.call('EXISTS', KEYS[5 + i]) == 1 then
    redis.call('INCRBY', KEYS[5 + i], tonumber(ARGV[3]) - taken)
  end
end
return {'settled', isBudgeted, reserved}`;

/** Key: since when the tenant is known. Argument: epoch ms. */
export const BEGIN = `
redis.call('SET', KEYS[1], ARGV[1], 'NX')
return {'begun'}`;

/** Arguments: 1 now, 2 lifetime; or '': 3 to 8 what is spent, 9 to 14 when the budget may be forgotten. */
export const LEARN = `
local since = redis.call('GET', KEYS[1])
if not since or tonumber(ARGV[1]) < tonumber(since) + tonumber(ARGV[2]) then return {'recalling'} end
for i = 1, 6 do
  if ARGV[2 + i] ~= '' then
    local budget = redis.call('HMGET', KEYS[7 + i], 'spent', 'reserved')
    if tonumber(budget[2] or 0) == 0 then
      local spent = math.max(tonumber(budget[1] or 0), tonumber(ARGV[2 + i]))
      redis.call('HSET', KEYS[7 + i], 'spent', spent, 'reserved', 0, 'learnedAt', ARGV[1])
      if ARGV[8 + i] ~= '' then redis.call('PEXPIREAT', KEYS[7 + i], ARGV[8 + i]) end
    end
  end
end
return {'learned'}`;

/** Keys: the budgets. */
export const READ = `
local budgets = {}
for i = 1, 6 do budgets[i] = redis.call('HMGET', KEYS[i], 'spent', 'reserved') end
return budgets`;
