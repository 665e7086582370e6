/** The little we use of fengari (Lua 5.3 in JavaScript), which ships no types. */
declare module 'fengari' {
  /** One Lua machine, or a coroutine of it. */
  export interface LuaState {
    readonly id: number;
  }
  type JsFunction = (state: LuaState) => number;

  export function to_luastring(text: string): Uint8Array;
  export const lauxlib: {
    luaL_newstate(): LuaState;
    luaL_loadbuffer(state: LuaState, code: Uint8Array, size: number, name: Uint8Array): number;
    luaL_dostring(state: LuaState, code: Uint8Array): boolean;
    luaL_ref(state: LuaState, table: number): number;
  };
  export const lualib: { luaL_openlibs(state: LuaState): void };
  export const lua: {
    readonly LUA_OK: number;
    readonly LUA_REGISTRYINDEX: number;
    readonly LUA_TNIL: number;
    readonly LUA_TBOOLEAN: number;
    readonly LUA_TNUMBER: number;
    readonly LUA_TSTRING: number;
    readonly LUA_TTABLE: number;
    lua_createtable(state: LuaState, elements: number, fields: number): void;
    lua_error(state: LuaState): number;
    lua_getfield(state: LuaState, table: number, name: Uint8Array): number;
    lua_gettop(state: LuaState): number;
    lua_pcall(state: LuaState, inputs: number, outputs: number, handler: number): number;
    lua_pop(state: LuaState, count: number): void;
    lua_pushboolean(state: LuaState, value: boolean): void;
    lua_pushjsfunction(state: LuaState, value: JsFunction): void;
    lua_pushnumber(state: LuaState, value: number): void;
    lua_pushstring(state: LuaState, value: Uint8Array): void;
    lua_rawgeti(state: LuaState, table: number, index: number): number;
    lua_rawseti(state: LuaState, table: number, index: number): void;
    lua_setfield(state: LuaState, table: number, name: Uint8Array): void;
    lua_setglobal(state: LuaState, name: Uint8Array): void;
    lua_settop(state: LuaState, top: number): void;
    lua_toboolean(state: LuaState, index: number): boolean;
    lua_tonumber(state: LuaState, index: number): number;
    lua_tostring(state: LuaState, index: number): Uint8Array | null;
    lua_type(state: LuaState, index: number): number;
  };
}
