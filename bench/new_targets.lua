-- A target that was never asked for, on every request: `%d` of the template, counted up from a first number.
local template, number

function init(args)
  template, number = args[1], tonumber(args[2])
end

function request()
  number = number + 1
  return wrk.format("GET", string.format(template, number))
end
