/**
 * Redis's Lua over fengari, which ioredis-mock brings along. The mock's own EVAL builds a new Lua
 * machine each time (2 ms), hands scripts proxies for arrays and null objects for nil, and cannot
 * return tables a script has filled; this one compiles a script once and converts as Redis does.
 */
import { type LuaState, lauxlib, lua, lualib, to_luastring } from 'fengari';
import type { Command, Reply } from './backend.ts';

export interface EmbeddedLua {
  /** The result names the compiled script in `run`. Throws `ERR Error compiling script …`. */
  compile(script: string): number;
  /** Runs to the end within this tick, so nothing comes in between. Throws the script's error. */
  run(script: number, keys: Command, args: Command): Reply;
}

/**
 * fengari is Lua 5.3 with integers of 32 bits; in Redis's Lua 5.1 every number is a double. Scripts
 * share the machine, so they may neither reach out of it nor, as in Redis, make globals.
 */
const LUA_5_1 = `
unpack = table.unpack
local to_number, floor, ceil = tonumber, math.floor, math.ceil
tonumber = function(...) local number = to_number(...) return number and number + 0.0 end
math.floor = function(number) return floor(number) + 0.0 end
math.ceil = function(number) return ceil(number) + 0.0 end
redis.error_reply = function(text) return { err = text } end
redis.status_reply = function(text) return { ok = text } end
io, os, debug, package, require, dofile, loadfile = nil
KEYS, ARGV = {}, {}
local function refuse(verb)
  return function(_, name) error('Script attempted to ' .. verb .. ' global variable ' .. tostring(name), 2) end
end
setmetatable(_G, { __index = refuse('access nonexistent'), __newindex = refuse('create') })
`;

/** `call` executes one command for `redis.call` and `redis.pcall`; what it throws is the command's error. */
export function createEmbeddedLua(call: (command: Command) => Reply): EmbeddedLua {
  const state = lauxlib.luaL_newstate();
  lualib.luaL_openlibs(state);

  const pushReplyOf = (caller: LuaState): Reply => {
    const reply = attempt(() => call(toCommand(caller)));
    push(caller, reply);
    return reply;
  };
  lua.lua_createtable(state, 0, 4);
  lua.lua_pushjsfunction(state, (caller) =>
    pushReplyOf(caller) instanceof Error ? lua.lua_error(caller) : 1,
  );
  lua.lua_setfield(state, -2, to_luastring('call'));
  lua.lua_pushjsfunction(state, (caller) => {
    pushReplyOf(caller);
    return 1;
  });
  lua.lua_setfield(state, -2, to_luastring('pcall'));
  lua.lua_setglobal(state, to_luastring('redis'));
  lauxlib.luaL_dostring(state, to_luastring(LUA_5_1));

  return {
    compile(script) {
      const code = to_luastring(script);
      const status = lauxlib.luaL_loadbuffer(
        state,
        code,
        code.length,
        to_luastring('@user_script'),
      );
      if (status !== lua.LUA_OK) throw new Error(`ERR Error compiling script: ${pop(state)}`);
      return lauxlib.luaL_ref(state, lua.LUA_REGISTRYINDEX);
    },
    run(script, keys, args) {
      lua.lua_settop(state, 0);
      setGlobal(state, 'KEYS', keys);
      setGlobal(state, 'ARGV', args);
      lua.lua_rawgeti(state, lua.LUA_REGISTRYINDEX, script);
      const status = lua.lua_pcall(state, 0, 1, 0);
      const reply = pop(state);
      if (reply instanceof Error) throw reply;
      if (status !== lua.LUA_OK) throw new Error(`ERR ${reply}`);
      return reply;
    },
  };
}

function setGlobal(state: LuaState, name: string, value: Reply): void {
  push(state, value);
  lua.lua_setglobal(state, to_luastring(name));
}

function push(state: LuaState, value: Reply): void {
  if (value === null) lua.lua_pushboolean(state, false);
  else if (typeof value === 'number') lua.lua_pushnumber(state, value);
  else if (typeof value === 'string') lua.lua_pushstring(state, to_luastring(value));
  else if (Buffer.isBuffer(value)) lua.lua_pushstring(state, value);
  else if (value instanceof Error) pushError(state, value);
  else pushArray(state, value);
}

function pushError(state: LuaState, error: Error): void {
  lua.lua_createtable(state, 0, 1);
  push(state, error.message);
  lua.lua_setfield(state, -2, to_luastring('err'));
}

function pushArray(state: LuaState, array: readonly Reply[]): void {
  lua.lua_createtable(state, array.length, 0);
  for (const [index, element] of array.entries()) {
    push(state, element);
    lua.lua_rawseti(state, -2, index + 1);
  }
}

/** Takes the top of the stack. True is 1, false is nil, a number loses its fraction. */
function pop(state: LuaState): Reply {
  const value = peek(state);
  lua.lua_pop(state, 1);
  return value;
}

function peek(state: LuaState): Reply {
  switch (lua.lua_type(state, -1)) {
    case lua.LUA_TBOOLEAN:
      return lua.lua_toboolean(state, -1) ? 1 : null;
    case lua.LUA_TNUMBER:
      return Math.trunc(lua.lua_tonumber(state, -1));
    case lua.LUA_TSTRING:
      return Buffer.from(lua.lua_tostring(state, -1) ?? []);
    case lua.LUA_TTABLE:
      return peekTable(state);
    default:
      return null;
  }
}

/** A table is an error (`err`), a status (`ok`) or an array up to its first nil. */
function peekTable(state: LuaState): Reply {
  lua.lua_getfield(state, -1, to_luastring('err'));
  const failure = pop(state);
  if (failure !== null) return new Error(String(failure));
  lua.lua_getfield(state, -1, to_luastring('ok'));
  const status = pop(state);
  if (status !== null) return status;
  const array: Reply[] = [];
  while (lua.lua_rawgeti(state, -1, array.length + 1) !== lua.LUA_TNIL) array.push(pop(state));
  lua.lua_pop(state, 1);
  return array;
}

/** What a script passes to `redis.call`. */
function toCommand(state: LuaState): Command {
  return Array.from({ length: lua.lua_gettop(state) }, (_, index) => {
    if (lua.lua_type(state, index + 1) === lua.LUA_TNUMBER)
      return String(lua.lua_tonumber(state, index + 1));
    const text = lua.lua_tostring(state, index + 1);
    if (text === null) throw new Error('ERR command arguments must be strings or integers');
    return Buffer.from(text).toString();
  });
}

function attempt(run: () => Reply): Reply {
  try {
    return run();
  } catch (error) {
    return error instanceof Error ? error : new Error('ERR unexpected failure', { cause: error });
  }
}
