package evidence

// reformSpecs are rows measured in scenarios other than the status quo.
var reformSpecs = []spec{}
