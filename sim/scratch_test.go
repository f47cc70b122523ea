package sim
import ("testing";"fmt";"coexist/configs";"coexist/agents")
func TestScratch(t *testing.T){
  m:=warm(t,devon,.01)
  for _,sl:=range []float64{0,20}{
  b:=branch(t,m,scenario(t,"medical-group-insurer",func(c *configs.Config){c.Selection.Slope=sl; c.Enrolment.Attention=.02}))
  steps(t,b,104)
  sw:=0.0
  for _,o:=range b.Take().Outcomes{ if o.Group=="all"&&o.Measure=="switching"{sw+=o.Value}}
  fmt.Println(sl, b.regime.direct,b.regime.competes,b.regime.accuracy,sw)
  var sum,sq,n float64
  for s:=range b.systems{ fmt.Printf(" %d %.4f;",b.systems[s].Enrolled,b.systems[s].Select)}
  everyone(b,func(p *agents.Patient){r,c:=b.risk(p); sum+=c-r; sq+=(c-r)*(c-r);n++})
  fmt.Println("mean cell-r",sum/n,"var",sq/n)
  }
}
