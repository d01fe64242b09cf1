-- A target with a number on every request, in place of the `%d` of the template: counted up from a first number, and so
-- never asked for before; or, if there are to be at most so many, from the beginning again.
local template, number, most

function init(args)
  template, number, most = args[1], tonumber(args[2]), tonumber(args[3])
end

function request()
  number = number + 1
  return wrk.format("GET", string.format(template, most > 0 and number % most or number))
end
