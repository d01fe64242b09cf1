"""How ASP.NET Web API 2 behaves, one module per step; pure functions over plain values."""
